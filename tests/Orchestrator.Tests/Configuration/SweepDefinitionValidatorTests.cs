using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>Definitions made in C# pass the same rules as files.</summary>
public class SweepDefinitionValidatorTests
{
    [Fact]
    public void Validate_GoodDefinition_HasNoProblems() => Assert.Empty(Validate(_ => { }));

    [Fact]
    public void Validate_EveryRule_ReportsCodeAndPath()
    {
        Assert.Equal("SWP024 /metric", Validate(d => d.Metric = null));
        Assert.Equal("SWP015 /metric/target", Validate(d => d.Metric = Metric.Minimize("l", double.NaN)));
        Assert.Equal("SWP015 /metric/name", Validate(d => d.Metric = Metric.Minimize("")));
        Assert.Equal("SWP014 /metric/goal", Validate(d => d.Metric = new Metric("l", (MetricGoal)7)));
        Assert.Equal("SWP015 /replicates", Validate(d => d.Replicates = 0));
        Assert.Equal("SWP016 /seeds", Validate(d => (d.Replicates, _) = (2, Add(d.Seeds, 1))));
        Assert.Equal("SWP018 /seeds/1", Validate(d => Add(d.Seeds, 1, 1)));
        Assert.Equal("SWP015 /limits/maxRuns", Validate(d => d.Limits.MaxRuns = 0));
        Assert.Equal("SWP015 /limits/maxConcurrent", Validate(d => d.Limits.MaxConcurrent = -1));
        Assert.Equal("SWP015 /limits/duration", Validate(d => d.Limits.Duration = TimeSpan.Zero));
        Assert.Equal("SWP015 /timeout", Validate(d => d.Timeout = TimeSpan.MaxValue));
        Assert.Equal("SWP017 /timeout", Validate(d => d.Timeout = TimeSpan.FromSeconds(-1)));
        Assert.Equal("SWP015 /resources/cpus", Validate(d => d.Resources.Cpus = 0));
        Assert.Equal("SWP015 /retry/maxAttempts", Validate(d => d.Retry.MaxAttempts = 0));
        Assert.Equal("SWP015 /failure/stopAfter", Validate(d => d.Failure.StopAfter = 0));
        Assert.Equal("SWP014 /isolation", Validate(d => d.Isolation.Type = (RunIsolation)9));
        Assert.Equal("SWP015 /parameters/x/max", Validate(d => d.Parameters["x"] = Parameter.Float(0, double.NaN, points: 3)));
        Assert.Equal("SWP025 /method", Validate(d => d.Method = "random"));
        Assert.Equal("SWP026 /trackers/0", Validate(d => d.Trackers = ["wandb"]));
        Assert.Equal("SWP161 /method", Validate(d => d.Method = "tpe"));
        Assert.Equal("SWP016 /trainable", Validate(d => d.Trainable = "anything"));
    }

    [Fact]
    public void Validate_WithoutDelegate_NeedsATrainable()
    {
        var definition = new SweepDefinition { Metric = Metric.Minimize("l"), Parameters = { ["x"] = 1 } };
        Assert.Equal("SWP020", Assert.Single(SweepDefinitionValidator.Validate(definition, TestCatalog.Instance, hasDelegate: false)).Code);
        Assert.Empty(SweepDefinitionValidator.Validate(definition, TestCatalog.Instance, hasDelegate: true));
    }

    private static string Validate(Action<SweepDefinition> spoil)
    {
        var definition = new SweepDefinition { Metric = Metric.Minimize("l"), Parameters = { ["x"] = Parameter.Choice(1, 2) } };
        spoil(definition);
        return string.Join("; ", SweepDefinitionValidator.Validate(definition, TestCatalog.Instance, hasDelegate: true).Select(p => $"{p.Code} {p.Path}"));
    }

    private static bool Add(IList<long> list, params long[] items)
    {
        foreach (var item in items)
            list.Add(item);
        return true;
    }
}
