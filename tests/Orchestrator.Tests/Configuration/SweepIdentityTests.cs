using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class SweepIdentityTests
{
    private static readonly string Original = Of([]);

    [Fact]
    public void Of_KnownSweep_IsStableBetweenVersions() => Assert.Equal("26e10e7aa014775c", Original);

    [Theory]
    [InlineData("trainable=declared2")]
    [InlineData("metric.goal=minimize")]
    [InlineData("metric.target=0.5")]
    [InlineData("method.scramble=true")]
    [InlineData("parameters.layers.max=10")]
    [InlineData("parameters.momentum.when={optimizer: sgd}")]
    [InlineData("parameters.optimizer=[sgd, adam, adamw]")]
    [InlineData("parameters.epochs=11")]
    [InlineData("zip=[]")]
    [InlineData("exclude=[]")]
    [InlineData("include=[]")]
    [InlineData("constraints=[]")]
    [InlineData("seeds=[1, 2]")]
    [InlineData("seed=43")]
    public void Of_OtherSearch_IsAnother(string set) => Assert.NotEqual(Original, Of(set));

    [Theory]
    [InlineData("name=other")]
    [InlineData("project=other")]
    [InlineData("tags=[]")]
    [InlineData("attributes={}")]
    [InlineData("description=x")]
    [InlineData("limits.maxRuns=3")]
    [InlineData("resources.cpus=1")]
    [InlineData("timeout=1s")]
    [InlineData("retry={}")]
    [InlineData("failure={}")]
    [InlineData("trackers=[]")]
    [InlineData("exclude=[{layers: [6, 8], optimizer: sgd}]")]
    [InlineData("include=[{layers: 4, optimizer: adam}]")]
    public void Of_SameSearch_IsTheSame(string set) => Assert.Equal(Original, Of(set));

    [Fact]
    public void Of_OtherNotation_IsTheSame() =>
        Assert.Equal(Original, SweepIdentity.Of(SweepFileReader.ReadText(SampleTexts.Json, "x.json", TestCatalog.Instance).Definition!));

    [Fact]
    public void Of_Delegates_DifferByName()
    {
        var definition = new SweepDefinition { Parameters = { ["x"] = 1 } };
        Assert.NotEqual(SweepIdentity.Of(definition, "a"), SweepIdentity.Of(definition, "b"));
        Assert.Equal(SweepIdentity.Of(definition, "a"), SweepIdentity.Of(definition, "a"));
    }

    private static string Of(params string[] sets)
    {
        var text = SampleTexts.Yaml;
        if (sets is ["trainable=declared2"])
            (text, sets) = (text.Replace("trainable: anything", "trainable: {type: A, assembly: b}", StringComparison.Ordinal), []);
        var result = SweepFileReader.ReadText(text, "x.yaml", TestCatalog.Instance, sets);
        Assert.False(result.HasErrors, string.Join("\n", result.Problems));
        return SweepIdentity.Of(result.Definition!);
    }
}
