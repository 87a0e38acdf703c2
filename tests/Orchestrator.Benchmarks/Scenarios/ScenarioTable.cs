using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>All scenarios as a table in Markdown, each measured in a process of its own, so that peak memory is its own.</summary>
internal static class ScenarioTable
{
    private static readonly Scenario[] All = [.. EngineScenarios.All, .. OverheadScenarios.All, .. PackingScenarios.All, .. ExportScenarios.All, .. ProcessScenarios.All, .. TorchScenarios.All, .. StartScenarios.All];

    /// <summary>Measures every scenario.</summary>
    public static void Print()
    {
        Console.WriteLine($"Measured {MeasuredOn.Describe()}:");
        Console.WriteLine();
        Console.WriteLine("| | measured | how | peak memory |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var scenario in All)
        {
            using var process = Process.Start(OwnProgram(scenario.Name))!;
            process.WaitForExit();
            if (process.ExitCode != 0)
                Console.WriteLine($"| {scenario.What} | failed | | |");
        }
    }

    /// <summary>Measures one scenario here, and prints its row.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static async Task RunAsync(string name)
    {
        var scenario = Array.Find(All, s => s.Name == name)
            ?? throw new ArgumentException($"There is no scenario '{name}'. There are: {string.Join(", ", All.Select(s => s.Name))}.");
        var home = Directory.CreateTempSubdirectory("orchestrator-bench-").FullName;
        try
        {
            var measured = await scenario.MeasureAsync(home);
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario.What} | {measured.Figure} | {measured.Detail} | {(measured.PeakMemory ?? process.PeakWorkingSet64) / 1e6:F0} MB |"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>How this program is started once more.</summary>
    public static ProcessStartInfo OwnProgram(string argument)
    {
        var program = Environment.GetCommandLineArgs()[0];
        return program.EndsWith(".dll", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new(Environment.ProcessPath!, [program, argument])
            : new(Environment.ProcessPath!, [argument]);
    }
}
