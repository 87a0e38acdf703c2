using Orchestrator.EndToEnd.Support;
using Orchestrator.Torch;

namespace Orchestrator.EndToEnd;

/// <summary>The samples that need TorchSharp, with it and without.</summary>
public sealed class TorchSampleTests
{
    private static readonly string Samples = Path.Combine(SampleSweepTests.RepositoryRoot(), "sweeps");

    [Fact]
    public void TestsOfProcesses_WithoutThePackage_AreNotRun()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(SampleSweepTests.RepositoryRoot(), "tests", "Orchestrator.EndToEnd", "Torch"), "*.cs")
            .Sum(file => File.ReadLines(file).Count(line => line.Trim() == "[Fact]"));

        Assert.SkipUnless(TorchSupport.IsBuiltIn, $"{tests} tests of TorchSharp in processes were not run: this build has no TorchSharp. {TorchSupport.Remedy}");
        Assert.True(tests > 0);
    }

    [Fact]
    public async Task TorchGrid_WithThePackage_ReachesTheAccuracy()
    {
        Assert.SkipUnless(TorchSupport.IsBuiltIn, $"sweeps/torch-grid.json was not executed: this build has no TorchSharp. {TorchSupport.Remedy}");
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "torch-grid.json"), "--gpus", "none", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        var sweep = result.Json.GetProperty("sweep");
        Assert.Equal(8, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        var test = sweep.GetProperty("bestAssignments")[0].GetProperty("metrics").GetProperty("testAccuracy").GetProperty("mean").GetDouble();
        Assert.True(test >= 0.97, result.Output);
    }

    [Fact]
    public async Task TorchRandom_WithThePackage_EndsWell()
    {
        Assert.SkipUnless(TorchSupport.IsBuiltIn, $"sweeps/torch-random.yaml was not executed: this build has no TorchSharp. {TorchSupport.Remedy}");
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, "torch-random.yaml"), "--gpus", "none", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(8, result.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.True(result.Json.GetProperty("sweep").GetProperty("best").GetProperty("objective").GetDouble() >= 0.9, result.Output);
    }

    [Theory]
    [InlineData("torch-grid.json", "torch-digits")]
    [InlineData("torch-random.yaml", "torch-tabular")]
    public async Task TorchSamples_WithoutThePackage_EndWithThreeAndSayWhatToDo(string file, string trainable)
    {
        Assert.SkipWhen(TorchSupport.IsBuiltIn, "this build has TorchSharp");
        using var home = new ProgramHome();

        var result = await home.RunAsync("sweep", Path.Combine(Samples, file));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"error SWP032: The trainable '{trainable}' is not in this program: it needs the package TorchSharp ", result.Error, StringComparison.Ordinal);
        Assert.Contains("remove artifacts/optional-packages and build again", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_SaysWhetherTorchSharpIsThereAndWhatItHas()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("doctor");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(TorchSupport.IsBuiltIn ? "for libtorch" : "TorchSharp (models on tensors and GPUs) is not built in", result.Output, StringComparison.Ordinal);
        if (TorchSupport.IsBuiltIn)
            Assert.Matches(@"loaded is .*torch_cpu", result.Output);
        Assert.Contains(TorchSupport.IsBuiltIn ? "CUDA:" : "not in this program: torch-digits, torch-tabular", result.Output, StringComparison.Ordinal);
    }
}
