using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>A tab that indents is reported where it stands.</summary>
public sealed class LostPlaceTests
{
    [Theory]
    [InlineData("metric:\n\tname: loss\n", 2, 1)]
    [InlineData("metric:\n  name: loss\n\tgoal: minimize\n", 3, 1)]
    [InlineData("metric:\n  name: loss\n  \tgoal: minimize\n", 3, 3)]
    [InlineData("parameters:\n  x:\n\t- 1\n", 3, 1)]
    [InlineData("\tmetric: 1\n", 1, 1)]
    public void Read_TabAsIndentation_IsReportedAtTheTab(string text, int line, int column)
    {
        var problem = Assert.Single(SweepFileReader.ReadText("trainable: anything\n" + text, "x.yaml", TestCatalog.Instance).Problems);
        Assert.Equal(("SWP002", line + 1, column), (problem.Problem.Code, problem.Line, problem.Column));
        Assert.Contains("a tab", problem.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherMistakeBesideAHarmlessTab_IsReportedAtItsPlace()
    {
        var problem = Assert.Single(SweepFileReader.ReadText("tags: [\n\ta,\n\tb]\nname: 'x\n", "x.yaml", TestCatalog.Instance).Problems);
        Assert.DoesNotContain("a tab", problem.Problem.Message, StringComparison.Ordinal);
    }
}
