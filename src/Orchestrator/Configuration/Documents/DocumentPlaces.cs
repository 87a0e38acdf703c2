using System.Globalization;
using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>Finds what a JSON pointer names in the positioned tree.</summary>
internal static class DocumentPlaces
{
    /// <summary>
    /// The node a pointer names, or the deepest one on the way to it, and where to point a person at: a scalar's own place, the
    /// key of a list or mapping.
    /// </summary>
    public static (DocumentNode Node, Place Place) Find(DocumentNode root, string pointer)
    {
        var (node, place) = (root, root.Place);
        foreach (var segment in JsonPointer.Segments(pointer))
        {
            if (node is MappingNode mapping && mapping.TryFind(segment, out var entry))
                (node, place) = (entry.Value, entry.Value is ScalarNode ? entry.Value.Place : entry.KeyPlace);
            else if (node is SequenceNode sequence && IndexIn(sequence, segment) is { } index)
                (node, place) = (sequence.Items[index], sequence.Items[index].Place);
            else
                break;
        }

        return (node, place);
    }

    private static int? IndexIn(SequenceNode sequence, string segment) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < sequence.Items.Count
            ? index
            : null;
}
