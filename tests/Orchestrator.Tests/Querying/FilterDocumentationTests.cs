using System.Text.RegularExpressions;
using Orchestrator.Querying;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Querying;

/// <summary><c>docs/filters.md</c> says what is true.</summary>
public sealed partial class FilterDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "filters.md"));

    public static TheoryData<string> Examples => [.. Block("filters"), .. Inline().Matches(Page).Select(m => m.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsAFilter(string filter) => Assert.Equal(filter, RunFilter.Parse(filter).Text);

    [Fact]
    public void Mistakes_AreReportedInTheWordsOfThePage()
    {
        var shown = MistakeLine().Matches(Page);
        Assert.Equal(2, shown.Count);
        var known = Known();
        Assert.All(shown, m => Assert.Equal(m.Value, Assert.Throws<RunFilterException>(() => RunFilter.Parse(m.Groups[1].Value, known)).Message));
    }

    [Fact]
    public void Names_OfThePageAndOfTheCode_AreTheSame()
    {
        var table = Page[Page.IndexOf("## Names", StringComparison.Ordinal)..Page.IndexOf("any other name", StringComparison.Ordinal)];
        var listed = table.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).SelectMany(l => Quoted().Matches(l.Split('|')[1]).Select(m => m.Groups[1].Value));
        Assert.Equal(RunField.Fixed.Select(f => f.Name).Concat(["parameters.NAME", "metrics.NAME", "attributes.NAME"]).Order(), listed.Order());
    }

    [Fact]
    public void Words_OfStateAndFailureKind_AreOnThePage()
    {
        foreach (var word in RunField.Fixed.SelectMany(f => f.Words ?? []))
            Assert.Contains($"`{word}`", Page, StringComparison.Ordinal);
    }

    private static RunNames Known() => RunNames.Of(["learningRate"], ["valLoss"]);

    private static string[] Block(string language)
    {
        var start = Page.IndexOf("```" + language, StringComparison.Ordinal) + 3 + language.Length;
        return Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What stands between quotes after <c>--where</c> or in <c>Parse(...)</c>.</summary>
    [GeneratedRegex("(?:--where |Parse\\()\"([^\"]+)\"")]
    private static partial Regex Inline();

    [GeneratedRegex("^The filter \"(.+)\" is wrong .*$", RegexOptions.Multiline)]
    private static partial Regex MistakeLine();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
