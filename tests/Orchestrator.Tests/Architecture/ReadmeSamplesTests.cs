namespace Orchestrator.Tests.Architecture;

/// <summary>
/// What README.md and docs show in C# is compiled: every paragraph of their blocks stands in the samples' source, line for
/// line but for the indentation.
/// </summary>
public class ReadmeSamplesTests
{
    [Theory]
    [InlineData("README.md", "tests/Orchestrator.Tests/Torch/TorchSamples.cs", 6)]
    [InlineData("docs/csharp.md", "tests/Orchestrator.Samples/Samples.cs", 8)]
    [InlineData("docs/dashboard.md", "tests/Orchestrator.Samples/Samples.cs", 3)]
    [InlineData("docs/experiments.md", "tests/Orchestrator.Samples/Samples.cs", 10)]
    [InlineData("docs/checkpoints.md", "tests/Orchestrator.Samples/Samples.cs", 2)]
    [InlineData("docs/filters.md", "tests/Orchestrator.Samples/Samples.cs", 1)]
    [InlineData("docs/isolation.md", "tests/Orchestrator.Samples/Samples.cs", 1)]
    [InlineData("docs/torch.md", "tests/Orchestrator.Tests/Torch/TorchSamples.cs", 4)]
    public void Document_EveryParagraphOfCSharp_StandsInTheCompiledSamples(string document, string samples, int least)
    {
        var source = Trimmed(File.ReadAllLines(Path.Combine(Repository.Root, samples)));
        var paragraphs = Paragraphs(File.ReadAllLines(Path.Combine(Repository.Root, document))).ToList();

        Assert.True(paragraphs.Count >= least, $"{document} shows next to nothing in C#.");
        Assert.All(paragraphs, paragraph => Assert.True(
            Stands(source, paragraph), $"Not in {samples} as it is in {document}:\n{string.Join('\n', paragraph)}"));
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
