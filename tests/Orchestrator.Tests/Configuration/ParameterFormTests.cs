using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>The ways of writing a parameter, and what is wrong with the others.</summary>
public class ParameterFormTests
{
    [Theory]
    [InlineData("10", "10")]
    [InlineData("relu", "\"relu\"")]
    [InlineData("true", "true")]
    [InlineData("1e-3", "0.001")]
    [InlineData("1.0e-5", "1E-05")]
    [InlineData("[0.1, 1]", "[0.1,1]")]
    [InlineData("[on, no, ~, 0x10]", "[\"on\",\"no\",null,16]")]
    [InlineData("[[32, 32], [64]]", "[[32,32],[64]]")]
    [InlineData("{values: [a, b], weights: [1, 0.5]}", "{\"values\":[\"a\",\"b\"],\"weights\":[1.0,0.5]}")]
    [InlineData("{value: ~}", "{\"value\":null}")]
    [InlineData("{min: 1, max: 9, step: 2}", "{\"min\":1,\"max\":9,\"step\":2}")]
    [InlineData("{min: 1, max: 8, type: float}", "{\"min\":1.0,\"max\":8.0}")]
    [InlineData("{min: 1.0, max: 8.0, type: int}", "{\"min\":1,\"max\":8}")]
    [InlineData("{min: 0, max: 1.0}", "{\"min\":0.0,\"max\":1.0}")]
    [InlineData("{min: 0, max: 2, step: 0.5}", "{\"min\":0.0,\"max\":2.0,\"step\":0.5}")]
    [InlineData("{min: 0, max: 1, type: int}", "{\"min\":0,\"max\":1,\"type\":\"int\"}")]
    [InlineData("{min: 1.0e-5, max: 0.1, log: true, points: 5}", "{\"min\":1E-05,\"max\":0.1,\"log\":true,\"points\":5}")]
    [InlineData("{distribution: logNormal, mean: 0, stddev: 1}", "{\"distribution\":\"logNormal\",\"mean\":0.0,\"stddev\":1.0}")]
    [InlineData("{min: 0.5, max: 0.9, when: {y: a}}", "{\"min\":0.5,\"max\":0.9,\"when\":{\"y\":\"a\"}}")]
    [InlineData("{value: 3, when: {y: [a, b]}}", "{\"value\":3,\"when\":{\"y\":[\"a\",\"b\"]}}")]
    [InlineData("{parameters: {a: 1, b: [1, 2]}, when: {y: a}}", "{\"parameters\":{\"a\":1,\"b\":[1,2]},\"when\":{\"y\":\"a\"}}")]
    public void Read_Form_IsUnderstood(string form, string canonical)
    {
        var result = SweepFileReader.ReadText(Text(form), "sweep.yaml", TestCatalog.Instance);

        Assert.Empty(result.Problems);
        var x = SweepDocument.Of(result.Definition!).ToValue().Entries.First(e => e.Key == "parameters").Value.Entries.First(e => e.Key == "x");
        Assert.Equal(canonical, ParameterJson.ToJson(x.Value));
    }

    [Theory]
    [InlineData("", "SWP012", 5, "has no value")]
    [InlineData(".inf", "SWP015", 6, "finite")]
    [InlineData("[]", "SWP015", 3, "empty")]
    [InlineData("[1, .nan]", "SWP015", 10, "finite")]
    [InlineData("{}", "SWP013", 3, "says nothing")]
    [InlineData("{when: {y: a}}", "SWP013", 3, "says nothing")]
    [InlineData("{values: [1], min: 0}", "SWP016", 3, "'values' belongs to a choice")]
    [InlineData("{value: 1, distribution: normal}", "SWP016", 3, "mixes several forms")]
    [InlineData("{min: 1}", "SWP013", 3, "lacks 'max'")]
    [InlineData("{min: a, max: 2}", "SWP012", 12, "a number")]
    [InlineData("{min: 1, mxa: 2}", "SWP010", 15, "did you mean 'max'")]
    [InlineData("{mni: 1, mxa: 2}", "SWP010", 7, "did you mean 'min'", "SWP010")]
    [InlineData("{min: 1, max: 2, step: 0}", "SWP015", 29, "above 0")]
    [InlineData("{min: 1, max: 2, points: 0}", "SWP015", 31, "at least 1")]
    [InlineData("{min: 1, max: 2, log: yes}", "SWP012", 28, "true or false")]
    [InlineData("{min: 1, max: 2, type: integer}", "SWP014", 29, "one of int, float")]
    [InlineData("{min: 0.5, max: 2, type: int}", "SWP012", 12, "'type: int'")]
    [InlineData("{min: 1, max: 2, type: int, step: 0.5}", "SWP012", 40, "not a whole number")]
    [InlineData("{values: 1}", "SWP012", 15, "a list of values")]
    [InlineData("{values: [1], weights: [-1]}", "SWP015", 30, "at least 0")]
    [InlineData("{distribution: gauss, mean: 0, stddev: 1}", "SWP014", 21, "normal, logNormal")]
    [InlineData("{distribution: normal, mean: 0}", "SWP013", 3, "lacks 'stddev'")]
    [InlineData("{distribution: normal, mean: 0, stddev: 0}", "SWP015", 46, "above 0")]
    [InlineData("{value: 1, when: a}", "SWP012", 23, "a mapping of parameters")]
    [InlineData("{value: 1, when: {}}", "SWP015", 17, "empty")]
    [InlineData("{value: 1, when: {y: {a: 1}}}", "SWP012", 24, "a list of values")]
    [InlineData("{parameters: {a: {min: 1}}}", "SWP013", 20, "'parameters.x.parameters.a' lacks 'max'")]
    [InlineData("{parameters: 3}", "SWP012", 19, "a mapping of names")]
    public void Read_WrongForm_IsReportedAtItsPlace(string form, string code, int column, string says, string? second = null)
    {
        var result = SweepFileReader.ReadText(Text(form), "sweep.yaml", TestCatalog.Instance);

        Assert.Equal(second is null ? [code] : new[] { code, second }, result.Problems.Select(p => p.Problem.Code));
        Assert.Equal((4, column), (result.Problems[0].Line, result.Problems[0].Column));
        Assert.Contains(says, result.Problems[0].Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IntegerRangeFromZeroToOne_WarnsThatFloatsAreWrittenWithAPoint()
    {
        var result = SweepFileReader.ReadText(Text("{min: 0, max: 1}"), "sweep.yaml", TestCatalog.Instance);

        Assert.IsType<IntRange>(result.Definition!.Parameters["x"]);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(("SWP030", ProblemSeverity.Warning), (problem.Problem.Code, problem.Problem.Severity));
        Assert.Equal("sweep.yaml(4,3): warning SWP030: " + problem.Problem.Message, problem.ToString());
    }

    [Theory]
    [InlineData("learningRat: 1", "SWP022", 4, "did you mean 'learningRate'")]
    [InlineData("model: {parameters: {hiden: [1, 2]}}", "SWP022", 24, "did you mean 'model.hidden'")]
    public void Read_ParameterTheTrainableDoesNotDeclare_IsReported(string parameter, string code, int column, string says)
    {
        var text = $"trainable: declared\nmetric: {{name: loss, goal: minimize}}\nparameters:\n  {parameter}\n";
        var result = SweepFileReader.ReadText(text, "sweep.yaml", TestCatalog.Instance);

        var problem = Assert.Single(result.Problems);
        Assert.Equal((code, 4), (problem.Problem.Code, problem.Line));
        Assert.Contains(says, problem.Problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Column >= column - 1);
    }

    private static string Text(string form) =>
        $"trainable: anything\nmetric: {{name: loss, goal: minimize}}\nparameters:\n  x: {form}\n  y: [a, b, c]\nmethod: random\nlimits: {{maxRuns: 9}}\n";
}
