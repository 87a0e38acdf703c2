using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.Sampling;

public class SamplersTests
{
    private static SearchSpace Space => SearchSpace.Create(new SearchSpaceDefinition
    {
        Parameters =
        {
            ["optimizer"] = Parameter.Choice("adam", "sgd"),
            ["momentum"] = Parameter.Float(0, 1) with { Condition = new Dictionary<string, IReadOnlyList<ParameterValue>> { ["optimizer"] = ["sgd"] } },
            ["batch"] = Parameter.Int(1, 100),
            ["a"] = Parameter.Choice(1, 2),
            ["b"] = Parameter.Choice(3, 4),
        },
        Zip = [["a", "b"]],
        Exclude = [new Dictionary<string, ParameterValue> { ["batch"] = 13 }],
        Constraints = ["batch * a <= 100"],
    });

    [Fact]
    public void TryCreate_UnknownMethod_NamesTheNearestAndAll()
    {
        var problem = Problem("girt");
        Assert.Equal(("SWP160", "/method"), (problem.Code, problem.Path));
        Assert.Equal("'girt' is no method. Did you mean 'grid'? There are: grid, random, sobol.", problem.Message);
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("gp")]
    [InlineData("cmaes")]
    [InlineData("nsga2")]
    public void TryCreate_MethodNotBuilt_SaysSo(string method) => Assert.Equal("SWP161", Problem(method).Code);

    [Fact]
    public void TryCreate_WrongOptions_NamesEach()
    {
        var method = new SamplingMethod("sobol") { Options = new Dictionary<string, ParameterValue> { ["scrambel"] = true, ["scramble"] = "yes" } };
        Assert.Null(Samplers.TryCreate(method, Space, [], 0, out var problems));
        Assert.Equal([("SWP162", "/method/scrambel"), ("SWP163", "/method/scramble")], problems.Select(p => (p.Code, p.Path)));
        Assert.Contains("did you mean 'scramble'?", problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SWP180", "/include/1/bacth", "bacth", 5)]
    [InlineData("SWP181", "/include/1/batch", "batch", 101)]
    [InlineData("SWP181", "/include/1", "a", 1, "b", 4)]
    [InlineData("SWP182", "/include/1/momentum", "optimizer", "adam", "momentum", 0.5)]
    [InlineData("SWP184", "/include/1", "a", 2, "b", 4, "batch", 60)]
    [InlineData("SWP185", "/include/1", "batch", 13)]
    public void TryCreate_WrongInclude_NamesThePlace(string code, string path, params object[] entries)
    {
        var include = entries.Chunk(2).ToDictionary(e => (string)e[0], e => e[1] switch
        {
            int i => (ParameterValue)i,
            double d => d,
            var text => (string)text,
        });
        Assert.Null(Samplers.TryCreate("random", Space, [new Dictionary<string, ParameterValue>(), include], 0, out var problems));
        Assert.Equal([(code, path)], problems.Select(p => (p.Code, p.Path)));
    }

    [Fact]
    public void TryCreate_RepeatedInclude_IsProposedOnce()
    {
        Dictionary<string, ParameterValue> one = new() { ["batch"] = 1, ["optimizer"] = "adam" }, same = new() { ["optimizer"] = "adam", ["batch"] = 1.0 };
        var sampler = Samplers.Create("random", Space, 0, one, same);
        var plain = Samplers.Create("random", Space, 0);
        Assert.Equal(plain.Ask(AskContext.Create(0, 1)), sampler.Ask(new AskContext(1, AskContext.Create(0, 1).Random)));
    }

    private static DefinitionProblem Problem(string method)
    {
        Assert.Null(Samplers.TryCreate(method, Space, [], 0, out var problems));
        return Assert.Single(problems);
    }
}
