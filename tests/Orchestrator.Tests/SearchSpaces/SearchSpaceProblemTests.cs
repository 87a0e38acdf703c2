using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.SearchSpaces;

public class SearchSpaceProblemTests
{
    /// <summary>What is wrong, where it must be found.</summary>
    private static readonly (string Code, string Path, Action<Draft> Change)[] Mistakes =
    [
        ("SWP101", "/parameters/a.b", d => d.Parameters.Add("a.b", 1)),
        ("SWP101", "/parameters/", d => d.Parameters.Add("", 1)),
        ("SWP102", "/parameters/p/max", d => d.Parameters["p"] = Parameter.Float(0, double.PositiveInfinity)),
        ("SWP102", "/parameters/p/mean", d => d.Parameters["p"] = Parameter.Normal(double.NaN, 1)),
        ("SWP103", "/parameters/p/min", d => d.Parameters["p"] = Parameter.Float(2, 1)),
        ("SWP103", "/parameters/p/min", d => d.Parameters["p"] = Parameter.Int(2, 1)),
        ("SWP104", "/parameters/p/min", d => d.Parameters["p"] = Parameter.Float(0, 1, log: true)),
        ("SWP104", "/parameters/p/min", d => d.Parameters["p"] = Parameter.Int(0, 9, log: true)),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Float(0, 1, step: 0)),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Float(0, 1, step: 2)),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Int(0, 9, step: -1)),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Int(0, 9, step: 10)),
        ("SWP103", "/parameters/p/min", d => d.Parameters["p"] = Parameter.Normal(0, 1) with { Min = 2, Max = 1 }),
        ("SWP104", "/parameters/p/min", d => d.Parameters["p"] = Parameter.LogNormal(0, 1) with { Min = 0 }),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Normal(0, 1) with { Step = 0 }),
        ("SWP105", "/parameters/p/step", d => d.Parameters["p"] = Parameter.Normal(0, 1) with { Step = 0.5, IsInteger = true }),
        ("SWP117", "/parameters/p", d => d.Parameters["p"] = Parameter.Normal(0, 1) with { Min = 50 }),
        ("SWP117", "/parameters/p", d => d.Parameters["p"] = Parameter.Normal(0, 1) with { Min = 0.2, Max = 0.8, IsInteger = true }),
        ("SWP107", "/parameters/p/points", d => d.Parameters["p"] = Parameter.Float(0, 1, points: 0)),
        ("SWP107", "/parameters/p/points", d => d.Parameters["p"] = Parameter.Int(0, 1, points: 1)),
        ("SWP108", "/parameters/p/points", d => d.Parameters["p"] = Parameter.Float(0, 1, step: 0.5, points: 3)),
        ("SWP109", "/parameters/p", d => d.Parameters["p"] = Parameter.Choice()),
        ("SWP110", "/parameters/p", d => d.Parameters["p"] = Parameter.Choice(1, 1.0)),
        ("SWP111", "/parameters/p/weights", d => d.Parameters["p"] = new Choice([1, 2]) { Weights = [1] }),
        ("SWP111", "/parameters/p/weights/1", d => d.Parameters["p"] = Parameter.Weighted((1, 1), (2, -1))),
        ("SWP111", "/parameters/p/weights", d => d.Parameters["p"] = Parameter.Weighted((1, 0), (2, 0))),
        ("SWP112", "/parameters/p/stddev", d => d.Parameters["p"] = Parameter.Normal(0, 0)),
        ("SWP114", "/parameters/p", d => d.Parameters["p"] = Parameter.Int(long.MinValue, long.MaxValue)),
        ("SWP115", "/parameters/p", d => d.Parameters["p"] = Parameter.Group([])),
        ("SWP103", "/parameters/p/parameters/q/min", d => d.Parameters["p"] = Parameter.Group(new() { ["q"] = Parameter.Int(2, 1) })),
        ("SWP101", "/parameters/p/parameters/x~1y.z", d => d.Parameters["p"] = Parameter.Group(new() { ["x/y.z"] = 1 })),
        ("SWP120", "/zip/0/1", d => d.Zip.Add(["optimizer", "bacth"])),
        ("SWP121", "/zip/0/0", d => d.Zip.Add(["kind", "optimizer"])),
        ("SWP121", "/zip/0/1", d => d.Zip.Add(["optimizer", "lr"])),
        ("SWP122", "/zip/0", d => d.Zip.Add(["optimizer", "batch"])),
        ("SWP123", "/zip/1/0", d => d.Zip.AddRange([["optimizer", "size"], ["size", "other"]])),
        ("SWP124", "/zip/0", d => d.Zip.Add(["optimizer"])),
        ("SWP125", "/zip/0", d =>
        {
            d.Parameters["p"] = Parameter.Weighted((1, 1), (2, 1));
            d.Parameters["q"] = Parameter.Weighted((1, 1), (2, 1));
            d.Zip.Add(["p", "q"]);
        }),
        ("SWP126", "/zip/0", d =>
        {
            d.Parameters["p"] = Parameter.Choice(1, 1);
            d.Parameters["q"] = Parameter.Choice(2, 2);
            d.Zip.Add(["p", "q"]);
        }),
        ("SWP130", "/parameters/p/when/optimiser", d => d.Parameters["p"] = Active("optimiser", "sgd")),
        ("SWP131", "/parameters/p/when/p", d => d.Parameters["p"] = Active("p", 1)),
        ("SWP131", "/parameters/q/when/p", d =>
        {
            d.Parameters["p"] = Active("q", 1);
            d.Parameters["q"] = Active("p", 1);
        }),
        ("SWP131", "/parameters/p/when/g.q", d =>
        {
            d.Parameters["p"] = Active("g.q", 1);
            d.Parameters["g"] = Parameter.Group(new() { ["q"] = Parameter.Choice(1, 2) });
            d.Zip.Add(["p", "g.q"]);
        }),
        ("SWP132", "/parameters/p/when/group", d => d.Parameters["p"] = Active("group", 1)),
        ("SWP133", "/parameters/p/when/optimizer", d => d.Parameters["p"] = Active("optimizer", "lion")),
        ("SWP133", "/parameters/p/when/batch", d => d.Parameters["p"] = Active("batch", 9.5)),
        ("SWP133", "/parameters/p/when/batch", d => d.Parameters["p"] = Active("batch")),
        ("SWP140", "/exclude/0/optimizr", d => d.Exclude.Add(new Dictionary<string, ParameterValue> { ["optimizr"] = "sgd" })),
        ("SWP142", "/exclude/0", d => d.Exclude.Add(new Dictionary<string, ParameterValue>())),
        ("SWP150", "/constraints/0", d => d.Constraints.Add("batch >")),
        ("SWP151", "/constraints/0", d => d.Constraints.Add("bacth > 1")),
        ("SWP152", "/constraints/0", d => d.Constraints.Add("batch > 'a'")),
        ("SWP153", "/constraints/0", d => d.Constraints.Add("1 < 2")),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Mistakes.Length)];

    [Fact]
    public void TryCreate_BaseDefinition_IsRight()
    {
        Assert.NotNull(SearchSpace.TryCreate(new Draft().Build(), out var problems));
        Assert.Empty(problems);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TryCreate_OneMistake_IsTheOneProblem(int index)
    {
        var (code, path, change) = Mistakes[index];
        var draft = new Draft();
        change(draft);
        Assert.Null(SearchSpace.TryCreate(draft.Build(), out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal((code, path, ProblemSeverity.Error), (problem.Code, problem.Path, problem.Severity));
    }

    [Fact]
    public void TryCreate_ManyMistakes_ReportsAllAtOnce()
    {
        var draft = new Draft();
        foreach (var (_, _, change) in Mistakes.Where(m => m.Code is "SWP140" or "SWP142" or "SWP150" or "SWP151" or "SWP120"))
            change(draft);
        Assert.Null(SearchSpace.TryCreate(draft.Build(), out var problems));
        Assert.Equal(["SWP120", "SWP140", "SWP142", "SWP150", "SWP151"], problems.Select(p => p.Code).Distinct().Order());
    }

    [Fact]
    public void TryCreate_UnknownNames_SuggestTheNearest()
    {
        var draft = new Draft();
        draft.Constraints.Add("widht * batch <= 64");
        draft.Zip.Add(["bacth", "optimizer"]);
        SearchSpace.TryCreate(draft.Build(), out var problems);
        Assert.Contains(problems, p => p.Message.Contains("did you mean 'batch'?", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Message.Contains("at character 1: 'widht' is unknown; did you mean 'group.width'?", StringComparison.Ordinal));
    }

    [Fact]
    public void TryCreate_StepThatNeverReachesMax_Warns()
    {
        foreach (var (range, last) in new (Parameter, string)[] { (Parameter.Int(0, 10, step: 3), "9"), (Parameter.Float(0, 1, step: 0.3), "0.9"), (Parameter.Int(1, 8, log: true, step: 3), "7") })
        {
            var draft = new Draft();
            draft.Parameters["p"] = range;
            Assert.NotNull(SearchSpace.TryCreate(draft.Build(), out var problems));
            var problem = Assert.Single(problems);
            Assert.Equal(("SWP116", "/parameters/p/max", ProblemSeverity.Warning), (problem.Code, problem.Path, problem.Severity));
            Assert.Contains($"the last value is {last}.", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryCreate_Warnings_ComeWithTheSpace()
    {
        var draft = new Draft();
        draft.Exclude.Add(new Dictionary<string, ParameterValue> { ["optimizer"] = ParameterValue.FromList("sgd", "lion") });
        draft.Parameters["p"] = Active("lr", 0.5);
        Assert.NotNull(SearchSpace.TryCreate(draft.Build(), out var problems));
        Assert.Equal([("SWP134", "/parameters/p/when/lr"), ("SWP141", "/exclude/0/optimizer")], problems.Select(p => (p.Code, p.Path)));
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
    }

    [Fact]
    public void TryCreate_GroupWithAWrongCondition_ReportsItOnce()
    {
        var draft = new Draft();
        draft.Parameters["g"] = Parameter.Group(new() { ["x"] = 1, ["y"] = 2, ["z"] = Parameter.Group(new() { ["w"] = 3 }) }) with { Condition = When("nobody", 1) };
        SearchSpace.TryCreate(draft.Build(), out var problems);
        Assert.Equal(("SWP130", "/parameters/g/when/nobody"), (Assert.Single(problems).Code, problems[0].Path));
    }

    private static Dictionary<string, IReadOnlyList<ParameterValue>> When(string name, params ParameterValue[] values) => new() { [name] = values };

    private static Choice Active(string name, params ParameterValue[] values) => Parameter.Choice(1, 2) with { Condition = When(name, values) };

    private sealed class Draft
    {
        public ParameterCollection Parameters { get; } = new()
        {
            ["optimizer"] = Parameter.Choice("adam", "sgd"),
            ["size"] = Parameter.Choice(1, 2),
            ["other"] = Parameter.Choice(1, 2),
            ["batch"] = Parameter.Int(1, 9),
            ["lr"] = Parameter.Float(0, 1),
            ["kind"] = "mlp",
            ["group"] = Parameter.Group(new() { ["width"] = Parameter.Int(1, 9) }),
        };

        public List<string[]> Zip { get; } = [];

        public List<IReadOnlyDictionary<string, ParameterValue>> Exclude { get; } = [];

        public List<string> Constraints { get; } = [];

        public SearchSpaceDefinition Build() => new() { Parameters = Parameters, Zip = Zip, Exclude = Exclude, Constraints = Constraints };
    }
}
