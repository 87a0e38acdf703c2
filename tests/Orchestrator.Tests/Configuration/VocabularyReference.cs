using System.Text;
using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>The reference of the vocabulary in <c>docs/sweep-file.md</c>.</summary>
internal static class VocabularyReference
{
    public static string Generate()
    {
        var text = new StringBuilder("\n## Keys\n\n");
        Table(text, SweepVocabulary.Root.Keys);
        foreach (var key in SweepVocabulary.Root.Keys.Where(k => k.NotBuilt is null))
        {
            if (key.Shape is ObjectShape shape)
                Table(text.Append($"\n### {key.Name}\n\n"), shape.Keys);
        }

        text.Append("\n## Parameters\n\nA value (a constant), a list of values (a choice), or one of these mappings; each may have `when`.\n");
        foreach (var variant in ParameterVocabulary.Variants)
            Table(text.Append($"\n### {char.ToUpperInvariant(variant.Expected[0])}{variant.Expected[1..]}\n\n"), variant.Keys);
        Table(text.Append("\n### In each\n\n"), [ParameterVocabulary.When]);
        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<KeyInfo> keys)
    {
        text.Append("| key | value | meaning |\n|---|---|---|\n");
        foreach (var key in keys)
        {
            var extra = (key.IsRequired ? " Required." : "") + (key.Default is { } value ? $" Default: `{value}`." : "");
            text.Append(key.NotBuilt is null
                ? $"| `{key.Name}` | {key.Shape.Expected.Replace("|", "\\|", StringComparison.Ordinal)} | {key.Description}{extra} |\n"
                : $"| `{key.Name}` | | Not built yet. |\n");
        }
    }
}
