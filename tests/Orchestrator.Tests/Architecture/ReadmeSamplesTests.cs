namespace Orchestrator.Tests.Architecture;

/// <summary>
/// What README.md shows in C# is compiled: every paragraph of each of its blocks stands in the samples' source, line for line but for the
/// indentation.
/// </summary>
public class ReadmeSamplesTests
{
    [Fact]
    public void Readme_EveryParagraphOfCSharp_StandsInTheCompiledSamples()
    {
        var source = Trimmed(File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Orchestrator.Samples", "Samples.cs")));
        var paragraphs = Paragraphs(File.ReadAllLines(Path.Combine(Repository.Root, "README.md"))).ToList();

        Assert.True(paragraphs.Count > 10, "README.md shows next to nothing in C#.");
        Assert.All(paragraphs, paragraph => Assert.True(
            Stands(source, paragraph), $"Not in tests/Orchestrator.Samples/Samples.cs as it is in README.md:\n{string.Join('\n', paragraph)}"));
    }

    private static IEnumerable<string[]> Paragraphs(string[] lines)
    {
        var paragraph = new List<string>();
        var inside = false;
        foreach (var line in lines)
        {
            if (!inside || line.Length == 0 || line.StartsWith("```", StringComparison.Ordinal))
            {
                if (paragraph.Count > 0)
                    yield return Trimmed([.. paragraph]);
                paragraph.Clear();
                inside = inside ? !line.StartsWith("```", StringComparison.Ordinal) : line == "```csharp";
                continue;
            }

            paragraph.Add(line);
        }
    }

    private static bool Stands(string[] source, string[] paragraph)
    {
        for (var at = 0; at + paragraph.Length <= source.Length; at++)
        {
            if (source.AsSpan(at, paragraph.Length).SequenceEqual(paragraph))
                return true;
        }

        // Usings of several paragraphs stand together.
        return paragraph.All(l => l.StartsWith("using ", StringComparison.Ordinal) && l.EndsWith(';')) && paragraph.All(l => l == "using Orchestrator;" || source.Contains(l));
    }

    private static string[] Trimmed(string[] lines) => [.. lines.Select(l => l.Trim())];
}
