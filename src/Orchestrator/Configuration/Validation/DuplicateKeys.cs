using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Reports every key that stands twice in one mapping, anywhere in a file.</summary>
internal static class DuplicateKeys
{
    public static void Report(DocumentNode node, ProblemCollector problems, string path = "")
    {
        if (node is SequenceNode sequence)
        {
            for (var i = 0; i < sequence.Items.Count; i++)
            {
                if (sequence.Items[i] is not ScalarNode)
                    Report(sequence.Items[i], problems, JsonPointer.Append(path, i));
            }
        }
        else if (node is MappingNode mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                var keyPath = JsonPointer.Append(path, entry.Key);
                if (mapping.TryFind(entry.Key, out var first) && first != entry)
                    problems.Error(SweepErrorCodes.DuplicateKey, keyPath, entry.KeyPlace, Message(entry, first));
                if (entry.Value is not ScalarNode)
                    Report(entry.Value, problems, keyPath);
            }
        }
    }

    private static string Message(MappingEntry entry, MappingEntry first)
    {
        var where = first.KeyPlace.File == entry.KeyPlace.File ? $"first in line {first.KeyPlace.Line}" : $"first as {first.KeyPlace.File}";
        return $"The key {ScalarNode.Clip(entry.Key)} stands twice, {where}; keep one.";
    }
}
