using Orchestrator.Configuration;
using Orchestrator.Numerics;
using Orchestrator.Sampling;
using Orchestrator.Sweeps;
using Orchestrator.Tests.Configuration;

namespace Orchestrator.Tests.SearchSpaces;

/// <summary>Values computed from others.</summary>
public sealed class ComputedTests
{
    [Theory]
    [InlineData("grid", "")]
    [InlineData("random", "limits: {maxRuns: 8}")]
    [InlineData("sobol", "limits: {maxRuns: 8}")]
    public void Ask_ComputedParameter_IsInEveryAssignment(string method, string more)
    {
        var plan = Plan("{batch: [8, 16, 32], total: {expression: 'batch * 4'}, wide: {expression: 'batch > 8'}, rate: {expression: 'batch / 3'}}", method, more);
        for (var n = 0; n < 3; n++)
        {
            var assignment = plan.Sampler.Ask(new AskContext(n, new SeededRandom(1, n)))!;
            var batch = assignment["batch"].AsInt64();
            Assert.Equal(["batch", "total", "wide", "rate"], assignment.Names);
            Assert.Equal((ParameterValue)(batch * 4), assignment["total"]);
            Assert.Equal(ParameterKind.Integer, assignment["total"].Kind);
            Assert.Equal(batch > 8, assignment["wide"].AsBoolean());
            Assert.Equal(batch / 3.0, assignment["rate"].AsDouble());
            Assert.True(plan.Space.Contains(assignment) && plan.Space.IsValid(assignment));
        }
    }

    [Fact]
    public void Ask_ComputedFromWhatIsInactive_IsInactive_AndSoIsOneWhoseConditionFails()
    {
        var plan = Plan("{opt: [sgd, adam], momentum: {values: [0.5], when: {opt: sgd}}, twice: {expression: 'momentum * 2'}, other: {expression: 'active(momentum)', when: {opt: adam}}}");
        Assert.Equal(2, plan.Runs);
        var assignments = Enumerable.Range(0, 2).Select(n => plan.Sampler.Ask(new AskContext(n, new SeededRandom(1, n)))!).ToArray();
        Assert.Equal(["opt", "momentum", "twice"], assignments[0].Names);
        Assert.Equal(["opt", "other"], assignments[1].Names);
        Assert.Equal((1.0, false), (assignments[0]["twice"].AsDouble(), assignments[1]["other"].AsBoolean()));
    }

    [Theory]
    [InlineData("{a: [1, 2], b: {expression: 'c * 2'}}", "", "SWP151", "'c' is unknown")]
    [InlineData("{a: [1, 2], b: {expression: 'a *'}}", "", "SWP150", "a value")]
    [InlineData("{a: [1, 2], b: {expression: '1 + 1'}}", "", "SWP153", "a constant")]
    [InlineData("{a: [x, y], b: {expression: 'a * 2'}}", "", "SWP152", "takes a number")]
    [InlineData("{a: [1, 2], b: {expression: 'a * 2'}, c: {expression: 'b * 2'}}", "", "SWP151", "'b' is computed from other parameters")]
    [InlineData("{a: [1, 2], b: {expression: 'a * 2'}}", "constraints: ['b > 2']", "SWP151", "'b' is computed from other parameters")]
    [InlineData("{a: [1, 2], b: {expression: 'a * 2'}}", "exclude: [{b: 2}]", "SWP140", "'b' is computed from other parameters")]
    [InlineData("{a: [1, 2], b: {expression: 'a * 2'}, c: {value: 1, when: {b: 2}}}", "", "SWP130", "'b' is computed from other parameters")]
    [InlineData("{a: [1, 2], b: {expression: 'a * 2', min: 1}}", "", "SWP016", "mixes")]
    [InlineData("{a: [1, 2], b: {expression: 3}}", "", "SWP012", "an expression in quotes")]
    public void Read_WrongExpression_IsReported(string parameters, string more, string code, string says)
    {
        var problem = Assert.Single(Read(parameters, "grid", more).Problems).Problem;
        Assert.Equal(code, problem.Code);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ComputedParameter_IsWrittenBackAsItWas()
    {
        var json = SweepFileWriter.ToJson(Plan("{a: [1, 2], b: {expression: 'a * 2', when: {a: 2}}}").Definition);
        Assert.Contains("\"b\":{\"expression\":\"a * 2\",\"when\":{\"a\":2}}", json.Replace(" ", "").Replace("\n", "").Replace("a*2", "a * 2"), StringComparison.Ordinal);
        Assert.Equal(json, SweepFileWriter.ToJson(SweepFileReader.ReadText(json, "s.json", TestCatalog.Instance).Definition!));
    }

    private static SweepPlan Plan(string parameters, string method = "grid", string more = "")
    {
        var read = Read(parameters, method, more);
        Assert.Empty(read.Problems);
        return SweepPlan.Create(read.Definition!, TestCatalog.Instance, hasDelegate: false, origin: null);
    }

    private static SweepFileResult Read(string parameters, string method, string more) => SweepFileReader.ReadText(
        $"trainable: anything\nmetric: {{name: l, goal: minimize}}\nmethod: {method}\nparameters: {parameters}\n{more}\n", "s.yaml", TestCatalog.Instance);
}
