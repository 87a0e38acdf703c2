using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.App.Trainables.Digits;
using Orchestrator.Torch;

namespace Orchestrator.Benchmarks.Scenarios.Torch;

/// <summary>
/// The same training three ways, by turns: a bare loop of one thread, a sweep with one worker in this process, a sweep with one worker process. Runs of
/// few and of many epochs tell what a step costs from what a run costs; the first ones of each round, which compile and load, do not count.
/// </summary>
internal static class TorchOverhead
{
    private const string Trainable = "torch-digits";
    private const int Few = 1;
    private const int Many = 15; // as in sweeps/grid.json
    private const int Runs = 24;
    private const int NotCounted = 8;
    private const int Rounds = 5;
    private const int MostAgain = 100;

    /// <summary>Bare runs that a collection during a native call ended.</summary>
    private static int _again;

    public static void Configure(IServiceCollection services) => services
        .AddSingleton(_ => DigitsData.Load())
        .AddOrchestrator().AddTorch().AddTrainable<TorchDigits>(Trainable);

    public static async Task<Measurement> MeasureAsync(string home)
    {
        var data = DigitsData.Load();
        BareLoop.Prepare();
        Cost[] bare = new Cost[Rounds], thread = new Cost[Rounds], process = new Cost[Rounds];
        for (var round = -1; round < Rounds; round++)
        {
            var folder = Path.Combine(home, $"{round}");
            var costs = (
                Bare: new Cost(Loop(data, Few), Loop(data, Many)),
                Thread: await SweepAsync(folder, RunIsolation.Thread),
                Process: await SweepAsync(folder, RunIsolation.Process));
            if (round >= 0)
                (bare[round], thread[round], process[round]) = costs;
        }

        var (step, run) = (Median(bare, c => c.Step), Median(bare, c => c.Run));
        return new(
            Invariant($"{Ratio(process, bare)} times the time in a worker process, {Ratio(thread, bare)} in this one"),
            Invariant($"{BareLoop.StepsOf(data, Many)} steps, median of {Rounds} rounds by turns; a step of {step * 1e6:F0} us costs {More(process, c => c.Step, 1e6)} us more in a worker process, {More(thread, c => c.Step, 1e6)} in this one, and a run, {run * 1e3:F1} ms beside its steps, {More(process, c => c.Run, 1e3)} ms and {More(thread, c => c.Run, 1e3)}; of {(Rounds + 1) * 2 * Runs} bare runs {_again} had to be repeated, since a collection fell into a native call"));

        string More(Cost[] costs, Func<Cost, double> of, double unit) =>
            (costs.Zip(bare).Select(p => of(p.First) - of(p.Second)).Order().ElementAt(Rounds / 2) * unit).ToString("F1", CultureInfo.InvariantCulture);
    }

    private static double Loop(DigitsData data, int epochs)
    {
        var times = new double[Runs];
        for (var run = 0; run < Runs;)
        {
            try
            {
                times[run] = BareLoop.Train(data, epochs, seed: run);
                run++;
            }
            catch (ExternalException) when (++_again < MostAgain)
            {
                // A collection came between: it has none of what keeps a sweep's runs from that (docs/torch.md). Once more.
            }
        }

        return Median(times[NotCounted..], t => t);
    }

    private static async Task<Cost> SweepAsync(string home, RunIsolation isolation) =>
        new(await SweepAsync(home, isolation, Few), await SweepAsync(home, isolation, Many));

    /// <summary>From one run's end to the next one's: all that a run costs, whoever does it.</summary>
    private static async Task<double> SweepAsync(string home, RunIsolation isolation, int epochs)
    {
        var services = new ServiceCollection();
        Configure(services);
        services.Configure<OrchestratorOptions>(o => o.Home = Path.Combine(home, $"{isolation}-{epochs}"));
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var definition = new SweepDefinition
            {
                Name = "torch",
                Trainable = Trainable,
                Method = "grid",
                Metric = Metric.Minimize("valLoss"),
                Parameters =
                {
                    ["hidden"] = Parameter.Constant(BareLoop.Hidden),
                    ["dropout"] = Parameter.Constant(BareLoop.Dropout),
                    ["learningRate"] = Parameter.Constant(BareLoop.LearningRate),
                    ["schedule"] = Parameter.Constant("cosine"),
                    ["batchSize"] = Parameter.Constant(BareLoop.BatchSize),
                    ["epochs"] = Parameter.Constant(epochs),
                    ["checkpointEvery"] = Parameter.Constant(0),
                },
                Replicates = Runs,
                Isolation = { Type = isolation },
            };
            var result = await Sweep.RunAsync(definition, provider, new SweepOptions { Workers = 1 });
            if (result.Counts.Completed != Runs)
                throw new InvalidOperationException($"{result.Counts}");
            var ends = await result.ReadRunsAsync().OrderBy(r => r.Number).Select(r => r.EndedAt!.Value).ToListAsync();
            return Median(ends.Zip(ends.Skip(1)).Skip(NotCounted - 1), pair => (pair.Second - pair.First).TotalSeconds);
        }
    }

    private static string Ratio(Cost[] costs, Cost[] bare) =>
        costs.Zip(bare).Select(p => p.First.ManyEpochs / p.Second.ManyEpochs).Order().ElementAt(Rounds / 2).ToString("F2", CultureInfo.InvariantCulture);

    private static double Median<T>(IEnumerable<T> values, Func<T, double> of)
    {
        double[] sorted = [.. values.Select(of).Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a run of few epochs takes and one of many, in seconds: a line through both has a step's and a run's own part.</summary>
    private readonly record struct Cost(double FewEpochs, double ManyEpochs)
    {
        private static readonly int StepsBetween = BareLoop.StepsOf(DigitsData.Load(), Many) - BareLoop.StepsOf(DigitsData.Load(), Few);

        public double Step => (ManyEpochs - FewEpochs) / StepsBetween;

        public double Run => FewEpochs - (Step * StepsBetween / (Many - Few) * Few);
    }
}
