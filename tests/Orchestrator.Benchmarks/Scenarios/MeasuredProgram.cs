using System.Diagnostics;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// The real program, as a person starts it: the one built beside these benchmarks, or another that <c>ORCHESTRATOR_BENCH_PROGRAM</c>
/// names, as the installed tool.
/// </summary>
internal static class MeasuredProgram
{
    /// <summary>The program with its output redirected.</summary>
    public static ProcessStartInfo Start(string folder, params string[] arguments)
    {
        var start = Called(arguments);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }

    /// <summary>
    /// The most memory that the program had up to its end, in bytes, and the processor time that it took; what falls into its very last
    /// moment is missed.
    /// </summary>
    public static async Task<(long PeakMemory, TimeSpan Processor)> WatchAsync(Process process)
    {
        var (peak, processor) = (0L, TimeSpan.Zero);
        while (!process.HasExited)
        {
            process.Refresh();
            try
            {
                (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException) when (process.HasExited)
            {
                break; // it ended meanwhile
            }

            await Task.Delay(10);
        }

        return (peak, processor);
    }

    private static ProcessStartInfo Called(string[] arguments)
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
