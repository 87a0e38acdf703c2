using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>The engine as a whole, on a database of its own in a temporary folder. One line a scenario, for the table in README.</summary>
internal static class Scenarios
{
    private static readonly Dictionary<string, Func<string, Task<string>>> All = new()
    {
        ["runs-10k"] = home => RunsAsync(home, 10_000),
        ["runs-100k"] = home => RunsAsync(home, 100_000),
        ["runs-500k"] = home => RunsAsync(home, 500_000),
        ["reports-1"] = home => ReportsAsync(home, metrics: 1),
        ["reports-8"] = home => ReportsAsync(home, metrics: 8),
    };

    public static async Task RunAsync(string name)
    {
        if (!All.TryGetValue(name, out var scenario))
            throw new ArgumentException($"There is no scenario '{name}'. There are: {string.Join(", ", All.Keys)}.");
        var home = Directory.CreateTempSubdirectory("orchestrator-bench-").FullName;
        try
        {
            var line = await scenario(home);
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {line}, peak {process.PeakWorkingSet64 / 1e6:F0} MB"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    public static void RunAllInProcessesOfTheirOwn()
    {
        foreach (var name in All.Keys)
        {
            using var process = Process.Start(Environment.ProcessPath!, Arguments(name));
            process.WaitForExit();
        }
    }

    /// <summary>Runs that do nothing but report their objective, durable when counted; and how the rate changes on the way.</summary>
    private static async Task<string> RunsAsync(string home, long runs)
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
        return string.Create(CultureInfo.InvariantCulture, $"{runs / seconds:F0} durable runs/s ({seconds:F2} s; by quarter {quarters})");
    }

    /// <summary>Values stored per second by two runs at once, each reporting as fast as it can.</summary>
    private static async Task<string> ReportsAsync(string home, int metrics)
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
        return string.Create(CultureInfo.InvariantCulture, $"{2.0 * steps * metrics / seconds:F0} values/s stored, {metrics} a report ({seconds:F2} s)");
    }

    private static SweepDefinition Definition(long runs) => new()
    {
        Name = "bench",
        Method = "random",
        Metric = Metric.Minimize("loss"),
        Limits = { MaxRuns = runs },
        Parameters = { ["x"] = Parameter.Float(0.0, 1.0), ["layers"] = Parameter.Int(1, 8) },
    };

    private static string[] Arguments(string name)
    {
        var program = Environment.GetCommandLineArgs()[0];
        return program.EndsWith(".dll", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [program, name]
            : [name];
    }

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
