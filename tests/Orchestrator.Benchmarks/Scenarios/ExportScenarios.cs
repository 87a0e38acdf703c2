using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What is stored, written to a file by the real program, from the start of its process.</summary>
internal static class ExportScenarios
{
    private const int Runs = 100_000;
    private const int Fewer = 10_000;
    private const int Steps = 10;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("export-csv", "export of 100,000 runs as CSV", home => MeasureAsync(home, Runs, "--output", "runs.csv")),
        new("export-jsonl", "the same as JSON lines", home => MeasureAsync(home, Runs, "--output", "runs.jsonl")),
        new("export-fewer", "export of 10,000 runs as CSV", home => MeasureAsync(home, Fewer, "--output", "runs.csv")),
        new("export-metrics", "export of what they reported, 1,000,000 values", home => MeasureAsync(home, Runs, "--what", "metrics", "--output", "values.csv")),
    ];

    private static async Task<Measurement> MeasureAsync(string home, int runs, params string[] arguments)
    {
        await Sweep.RunAsync(
            new SweepDefinition
            {
                Name = "export",
                Method = "random",
                Metric = Metric.Minimize("loss"),
                Limits = { MaxRuns = runs },
                Parameters =
                {
                    ["learningRate"] = Parameter.Float(1e-5, 0.1, log: true),
                    ["momentum"] = Parameter.Float(0.5, 0.99),
                    ["layers"] = Parameter.Int(1, 8),
                    ["optimizer"] = Parameter.Choice("adam", "sgd"),
                },
            },
            (run, _) =>
            {
                for (var step = 0; step < Steps; step++)
                    run.Report(step, ("loss", run.Random.NextDouble()));
                return Task.CompletedTask;
            },
            new SweepOptions { Home = home, Workers = 2 });

        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(MeasuredProgram.Start(home, ["export", "--home", home, .. arguments]))!;
        var watched = MeasuredProgram.WatchAsync(process);
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException(said);
        var (peak, processor) = await watched;
        var bytes = new FileInfo(Path.Combine(home, arguments[^1])).Length;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{seconds:F2} s"),
            string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB, {processor.TotalSeconds:F2} s of processor time; start included"),
            peak);
    }
}
