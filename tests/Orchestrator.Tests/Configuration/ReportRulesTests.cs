using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public sealed class ReportRulesTests
{
    [Fact]
    public void ReadText_PatternOfReports_IsKept()
    {
        var result = Read("command: [sh]\nreports: {pattern: 'loss=(?<loss>\\S+)'}");

        Assert.Empty(result.Problems);
        Assert.Equal(@"loss=(?<loss>\S+)", result.Definition!.Reports.Pattern);
        Assert.Equal(
            @"loss=(?<loss>\S+)", SweepFileReader.ReadText(SweepFileWriter.ToJson(result.Definition), "n.json", TestCatalog.Instance).Definition!.Reports.Pattern);
    }

    [Theory]
    [InlineData("command: [sh]\nreports: {pattern: 'loss=('}", SweepErrorCodes.BadPattern, 2, 20, "is no regular expression")]
    [InlineData("command: [sh]\nreports: {pattern: 'loss='}", SweepErrorCodes.BadPattern, 2, 20, "says neither names nor values")]
    [InlineData("trainable: anything\nreports: {pattern: 'loss=(?<loss>.)'}", SweepErrorCodes.Contradiction, 2, 1, "a trainable reports by itself")]
    public void ReadText_PatternThatReadsNothing_IsAnErrorAtItsPlace(string text, string code, int line, int column, string message)
    {
        var problem = Assert.Single(Read(text).Problems);

        Assert.Equal((code, line, column), (problem.Problem.Code, problem.Line, problem.Column));
        Assert.Contains(message, problem.Problem.Message, StringComparison.Ordinal);
    }

    private static SweepFileResult Read(string text) =>
        SweepFileReader.ReadText(text + "\nmetric: {name: loss, goal: minimize}\nparameters: {x: 1}\n", "n.yaml", TestCatalog.Instance);
}
