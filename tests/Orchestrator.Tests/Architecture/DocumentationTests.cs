using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Architecture;

public sealed partial class DocumentationTests
{
    [Fact]
    public void ErrorCodes_InSourceAndInTheDocs_AreTheSame()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => QuotedCode().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value));
        var listed = ListedCode().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"))).Select(m => m.Groups[1].Value).ToArray();

        Assert.Equal(used.Distinct().Order(), listed.Order());
    }

    [GeneratedRegex("\"(SWP[0-9]{3})\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex(@"(?m)^\| (SWP[0-9]{3}) \|")]
    private static partial Regex ListedCode();
}
