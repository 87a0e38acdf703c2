using Orchestrator.Text;

namespace Orchestrator.Tests.Text;

public class SuggestionTests
{
    private static readonly string[] Names = ["learningRate", "batch", "optimizer", "model.depth", "lr"];

    [Theory]
    [InlineData("learningrate", "learningRate")]
    [InlineData("learing_rate", "learningRate")]
    [InlineData("bacth", "batch")]
    [InlineData("depth", "model.depth")]
    [InlineData("dept", "model.depth")]
    [InlineData("rl", "lr")]
    [InlineData("temperature", null)]
    [InlineData("x", null)]
    public void Nearest_Name_IsFoundOnlyWhenNear(string name, string? expected) => Assert.Equal(expected, Suggestion.Nearest(name, Names));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abcd", "acbd", 1)]
    [InlineData("same", "same", 0)]
    public void Distance_TwoWords_CountsEdits(string a, string b, int expected)
    {
        Assert.Equal(expected, Suggestion.Distance(a, b));
        Assert.Equal(expected, Suggestion.Distance(b, a));
    }

    [Fact]
    public void Hint_NothingNear_ListsWhatThereIs()
    {
        Assert.Equal("; there are: learningRate, batch, optimizer, model.depth, lr.", Suggestion.Hint("temperature", Names));
        Assert.Equal("; there are none.", Suggestion.Hint("x", []));
        Assert.EndsWith("p38, p39, ...", Suggestion.Hint("temperature", Enumerable.Range(0, 99).Select(i => $"p{i}")), StringComparison.Ordinal);
    }
}
