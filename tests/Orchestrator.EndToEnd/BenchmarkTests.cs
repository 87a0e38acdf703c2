using System.Diagnostics;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Benchmarks are seldom run: that they still work is seen here, what they measure is not.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Smoke_RunsEachOfTheCoresBenchmarksOnce()
    {
        // tests/A/bin/Debug/net10.0 here is tests/B/bin/Debug/net10.0 there.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            output.Parent!.Parent!.Parent!.Parent!.FullName, "Orchestrator.Benchmarks", "bin", output.Parent.Name, output.Name, "Orchestrator.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "smoke"]) { WorkingDirectory = _folder, RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEndAsync();
        await ProgramHome.EndAsync(process);
        Assert.True(process.ExitCode == 0, await said);
        Assert.Contains("executed benchmarks: ", await said, StringComparison.Ordinal);
    }
}
