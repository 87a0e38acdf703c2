using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// What a person waits for after typing a command: the real program, from the start of its process. The one built beside these
/// benchmarks, or another that <c>ORCHESTRATOR_BENCH_PROGRAM</c> names, as the installed tool.
/// </summary>
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

    private static async Task<(string, string)> MeasureAsync(string home, Func<Process, long, Task<double>> measure, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(home, "first.json"), Sweep);
        var seconds = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var start = StartInfo(arguments);
            start.WorkingDirectory = home;
            start.RedirectStandardOutput = start.RedirectStandardError = true;
            var begun = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            seconds.Add(await measure(process, begun));
            await output;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"The program ended with {process.ExitCode}.");
            if (Directory.Exists(Path.Combine(home, ".orchestrator")))
                Directory.Delete(Path.Combine(home, ".orchestrator"), recursive: true);
        }

        var measured = seconds.Skip(1).Order().ToArray(); // the first reads the files from the disk
        return (
            string.Create(CultureInfo.InvariantCulture, $"{measured[Rounds / 2]:F3} s"),
            string.Create(CultureInfo.InvariantCulture, $"median of {Rounds}, {measured[0]:F3} to {measured[^1]:F3} s"));
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

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_BENCH_PROGRAM") is { Length: > 0 } program)
            return program.EndsWith(".dll", StringComparison.Ordinal) ? new("dotnet", [program, .. arguments]) : new(program, arguments);

        // bin/Release/net10.0 here is bin/Release/net10.0 there.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = output.Parent!.Parent!.Parent!.Parent!;
        var built = Path.Combine(tests.Parent!.FullName, "src", "Orchestrator.App", "bin", output.Parent.Name, output.Name, "Orchestrator.App.dll");
        return new("dotnet", [built, .. arguments]);
    }
}
