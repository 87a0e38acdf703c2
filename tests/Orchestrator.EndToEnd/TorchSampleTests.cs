using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The samples that need TorchSharp.</summary>
public sealed class TorchSampleTests
{
    private static readonly string Samples = Path.Combine(SampleSweepTests.RepositoryRoot(), "sweeps");

    [Fact]
    public async Task TorchGrid_ReachesTheAccuracy()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "torch-grid.json"), "--gpus", "none", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        var sweep = result.Json.GetProperty("sweep");
        Assert.Equal(8, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        var test = sweep.GetProperty("bestAssignments")[0].GetProperty("metrics").GetProperty("testAccuracy").GetProperty("mean").GetDouble();
        Assert.True(test >= 0.97, result.Output);
    }

    [Fact]
    public async Task TorchRandom_EndsWell()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "torch-random.yaml"), "--gpus", "none", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(8, result.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.True(result.Json.GetProperty("sweep").GetProperty("best").GetProperty("objective").GetDouble() >= 0.9, result.Output);
    }

    [Fact]
    public async Task Doctor_SaysWhichLibtorchIsLoaded()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("doctor");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("for libtorch", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"loaded is .*torch_cpu", result.Output);
        Assert.Contains("CUDA:", result.Output, StringComparison.Ordinal);
    }
}
