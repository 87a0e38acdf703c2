using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a person waits for after typing a command: the real program, from the start of its process.</summary>
internal static class StartScenarios
{
    private const int Rounds = 11;

    private const string Sweep = """
        {"name": "first", "trainable": "function", "metric": {"name": "value", "goal": "minimize"},
         "method": "grid", "parameters": {"x": [0.25, 0.5], "y": [0.1]}}
        """;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("start-help", "`--help` from process start", home => MeasureAsync(home, UntilEnd, "--help")),
        new("start-first-run", "first finished run from process start", home => MeasureAsync(home, UntilFirstRun, "sweep", "first.json", "--no-progress")),
    ];

    private static async Task<Measurement> MeasureAsync(string home, Func<Process, long, Task<double>> measure, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(home, "first.json"), Sweep);
        var seconds = new List<double>();
        var peak = 0L;
        for (var round = 0; round <= Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var process = Process.Start(MeasuredProgram.Start(home, arguments))!;
            var output = process.StandardOutput.ReadToEndAsync();
            // The first round is not counted: it reads the files from the disk, and is watched.
            var watched = round == 0 ? MeasuredProgram.WatchAsync(process) : Task.FromResult((peak, TimeSpan.Zero));
            seconds.Add(await measure(process, begun));
            await output;
            await process.WaitForExitAsync();
            (peak, _) = await watched;
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"The program ended with {process.ExitCode}.");
            if (Directory.Exists(Path.Combine(home, ".orchestrator")))
                Directory.Delete(Path.Combine(home, ".orchestrator"), recursive: true);
        }

        var measured = seconds.Skip(1).Order().ToArray();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{measured[Rounds / 2]:F3} s"),
            string.Create(CultureInfo.InvariantCulture, $"median of {Rounds}, {measured[0]:F3} to {measured[^1]:F3} s"),
            peak);
    }

    private static async Task<double> UntilEnd(Process process, long begun)
    {
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<double> UntilFirstRun(Process process, long begun)
    {
        double? first = null;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (first is null && line.StartsWith("run ", StringComparison.Ordinal) && line.Contains(" completed", StringComparison.Ordinal))
                first = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }

        return first ?? throw new InvalidOperationException("No run was said to be completed.");
    }
}
