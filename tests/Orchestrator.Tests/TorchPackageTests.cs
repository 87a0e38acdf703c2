using System.Text.RegularExpressions;
using Orchestrator.Configuration;
using Orchestrator.Tests.Architecture;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;

namespace Orchestrator.Tests;

/// <summary>What holds with TorchSharp and without.</summary>
public sealed partial class TorchPackageTests
{
    [Fact]
    public void TestsOfTorch_WithoutThePackage_AreNotRun()
    {
        var tests = Repository.Sources("tests/Orchestrator.Tests/Torch").Sum(file => TestAttribute().Count(File.ReadAllText(file)));

        Assert.SkipUnless(TorchSupport.IsBuiltIn, $"{tests} tests of TorchSharp were not run: this build has no TorchSharp. {TorchSupport.Remedy}");
        Assert.True(tests > 0);
    }

    [Fact]
    public async Task AddTorch_Twice_IsTheSameAsOnce()
    {
        await using var bench = new SweepBench(configure: builder => builder.AddTorch().AddTorch().Services.AddTorch());
        var catalog = (ISweepCatalog)bench.Services.GetService(typeof(ISweepCatalog))!;

        var info = Assert.Single(catalog.Trainables, t => t.Name == TorchServices.TabularName);
        Assert.Equal(TorchSupport.IsBuiltIn, info.Missing is null);
    }

    [Fact]
    public async Task Sweep_OfAMissingTrainable_IsInvalidAndSaysWhatToDo()
    {
        await using var bench = new SweepBench(configure: builder => builder.Trainables.AddMissing("lost", "it needs the package Lost. Get it."));
        var definition = SweepBench.Definition(1, d => d.Trainable = "lost");

        var invalid = await Assert.ThrowsAsync<InvalidDefinitionException>(() => Sweep.RunAsync(definition, bench.Services));

        Assert.Contains("SWP032: The trainable 'lost' is not in this program: it needs the package Lost. Get it.", invalid.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OfAnUnknownTrainable_DoesNotNameTheMissing()
    {
        await using var bench = new SweepBench(configure: builder => builder.Trainables.AddMissing("lost", "it needs the package Lost."));
        var definition = SweepBench.Definition(1, d => d.Trainable = "no-such");

        var invalid = await Assert.ThrowsAsync<InvalidDefinitionException>(() => Sweep.RunAsync(definition, bench.Services));

        Assert.Contains("Registered: none.", invalid.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*\[(Fact|Theory)", RegexOptions.Multiline)]
    private static partial Regex TestAttribute();
}
