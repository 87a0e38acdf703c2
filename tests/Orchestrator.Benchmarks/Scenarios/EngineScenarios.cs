using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>The engine as a whole, on a database of its own.</summary>
internal static class EngineScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("runs-10k", "10,000 runs that only report their objective", home => RunsAsync(home, 10_000)),
        new("runs-100k", "100,000 of them", home => RunsAsync(home, 100_000)),
        new("runs-500k", "500,000 of them", home => RunsAsync(home, 500_000)),
        new("reports-1", "reports of one metric", home => ReportsAsync(home, metrics: 1)),
        new("reports-8", "reports of eight metrics", home => ReportsAsync(home, metrics: 8)),
        new("slots-16", "1,000 runs of 0.1 s on 16 slots", WaitingRunsAsync),
    ];

    /// <summary>Runs that do nothing but report their objective, durable when counted; and how the rate changes on the way.</summary>
    private static async Task<Measurement> RunsAsync(string home, long runs)
    {
        var definition = Definition(runs);
        var quarters = new QuarterTimes(runs);
        var begun = Stopwatch.GetTimestamp();
        var result = await Sweep.RunAsync(
            definition,
            (run, _) =>
            {
                run.Report(0, ("loss", 1));
                return Task.CompletedTask;
            },
            new SweepOptions { Home = home, Workers = 2, Observer = quarters });
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (result.Counts.Completed != runs)
            throw new InvalidOperationException($"{result.Counts}");
        return new(Invariant($"{runs / seconds:N0} durable runs/s"), Invariant($"{seconds:F2} s; by quarter {quarters}"));
    }

    /// <summary>Values stored per second by two runs at once, each reporting as fast as it can.</summary>
    private static async Task<Measurement> ReportsAsync(string home, int metrics)
    {
        const int StepsPerRun = 1_000_000;
        var steps = StepsPerRun / metrics;
        var names = Enumerable.Range(0, metrics).Select(m => m == 0 ? "loss" : "metric" + m).ToArray();
        var begun = Stopwatch.GetTimestamp();
        await Sweep.RunAsync(
            Definition(2),
            async (run, token) =>
            {
                var values = new (string, double)[metrics];
                for (var step = 0; step < steps; step++)
                {
                    for (var m = 0; m < metrics; m++)
                        values[m] = (names[m], step);
                    await run.ReportAsync(step, values, token);
                }
            },
            new SweepOptions { Home = home, Workers = 2 });
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return new(Invariant($"{2.0 * steps * metrics / seconds:N0} values/s stored"), Invariant($"two runs at once, {seconds:F2} s"));
    }

    /// <summary>
    /// What runs cost where they are long: the time beyond that of the waiting itself. As the first sweep of a process, which has to be
    /// compiled, and once more; beside a bare loop, since timers are late, too.
    /// </summary>
    private static async Task<Measurement> WaitingRunsAsync(string home)
    {
        const int Runs = 1000;
        const int Slots = 16;
        var wait = TimeSpan.FromSeconds(0.1);
        var first = await SweepAsync("first");
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = Slots }, async (_, token) => await Task.Delay(wait, token));
        var bare = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var seconds = await SweepAsync("second");
        return new(
            Invariant($"{seconds:F2} s"),
            Invariant($"the ideal is {Math.Ceiling((double)Runs / Slots) * wait.TotalSeconds:F1} s, a bare `Parallel.ForEachAsync` took {bare:F2} s; as the first sweep of a process {first:F2} s"));

        async Task<double> SweepAsync(string name)
        {
            var begun = Stopwatch.GetTimestamp();
            var result = await Sweep.RunAsync(
                Definition(Runs),
                async (run, token) =>
                {
                    await Task.Delay(wait, token);
                    await run.ReportAsync(0, ("loss", 1), token);
                },
                new SweepOptions { Home = Path.Combine(home, name), Workers = Slots });
            if (result.Counts.Completed != Runs)
                throw new InvalidOperationException($"{result.Counts}");
            return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
    }

    private static SweepDefinition Definition(long runs) => new()
    {
        Name = "bench",
        Method = "random",
        Metric = Metric.Minimize("loss"),
        Limits = { MaxRuns = runs },
        Parameters = { ["x"] = Parameter.Float(0.0, 1.0), ["layers"] = Parameter.Int(1, 8) },
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Seconds that each quarter of the runs took.</summary>
    private sealed class QuarterTimes(long runs) : ISweepObserver
    {
        private readonly List<double> _seconds = [];
        private long _ended;
        private long _since = Stopwatch.GetTimestamp();

        public void RunEnded(RunEnded ended)
        {
            if (++_ended % (runs / 4) != 0)
                return;
            _seconds.Add(Stopwatch.GetElapsedTime(_since).TotalSeconds);
            _since = Stopwatch.GetTimestamp();
        }

        public override string ToString() => string.Join(", ", _seconds.Select(s => s.ToString("F2", CultureInfo.InvariantCulture))) + " s";
    }
}
