using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a run costs beside its own work: a sweep against bare loops over the same delegate.</summary>
internal static class OverheadScenarios
{
    private const int Runs = 20_000;
    private const int Workers = 2;
    private const int Rounds = 3;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("overhead", "overhead per run against a bare `Parallel.ForEachAsync`", MeasureAsync),
    ];

    /// <summary>Each way once to warm up, then by turns; the medians are compared.</summary>
    private static async Task<Measurement> MeasureAsync(string home)
    {
        var plain = new List<double>();
        var parallel = new List<double>();
        var sweep = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            plain.Add(PlainLoop());
            parallel.Add(await ParallelLoopAsync());
            sweep.Add(await SweepAsync(Path.Combine(home, $"{round}")));
        }

        var (one, bare, whole) = (Median(plain), Median(parallel), Median(sweep));
        return new(
            Microseconds((whole - bare) / Runs),
            $"{Runs:N0} runs, {Workers} workers: {Microseconds(whole / Runs)} a run, in the bare loop {Microseconds(bare / Runs)}, in a plain one (one thread) {Microseconds(one / Runs)}");
    }

    private static double PlainLoop()
    {
        var sum = 0.0;
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Runs; i++)
            sum += Work(0.5);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        GC.KeepAlive(sum);
        return seconds;
    }

    private static async Task<double> ParallelLoopAsync()
    {
        var sums = new double[Runs];
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = Workers }, (i, _) =>
        {
            sums[i] = Work(0.5);
            return ValueTask.CompletedTask;
        });
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<double> SweepAsync(string home)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await Sweep.RunAsync(
            new SweepDefinition
            {
                Name = "overhead",
                Method = "random",
                Metric = Metric.Minimize("loss"),
                Limits = { MaxRuns = Runs },
                Parameters = { ["x"] = Parameter.Float(0.0, 1.0) },
            },
            (run, token) => run.ReportAsync(0, ("loss", Work(run.Parameters.Get<double>("x"))), token).AsTask(),
            new SweepOptions { Home = home, Workers = Workers });
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (result.Counts.Completed != Runs)
            throw new InvalidOperationException($"{result.Counts}");
        return seconds;
    }

    /// <summary>Some 20 us of arithmetic.</summary>
    private static double Work(double x)
    {
        for (var i = 0; i < 1500; i++)
            x = Math.Sin(x + i);
        return x;
    }

    private static double Median(List<double> values) => values.Skip(1).Order().ElementAt((values.Count - 1) / 2);

    private static string Microseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F1} us");
}
