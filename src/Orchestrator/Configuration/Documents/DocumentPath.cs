namespace Orchestrator.Configuration;

/// <summary>JSON pointers (RFC 6901) into the positioned tree.</summary>
internal static class DocumentPath
{
    /// <summary>The pointer of a key or an index below another one.</summary>
    public static string Append(string path, string segment) => SearchSpaces.JsonPointer.Append(path, segment);

    /// <summary>The segments of a pointer.</summary>
    public static IEnumerable<string> Segments(string path) => path.Split('/').Skip(1)
        .Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    /// <summary>The pointers of everything above a pointer, the nearest first, without the root.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            yield return path[..end];
    }

    /// <summary>
    /// The node a pointer names, or the deepest one on the way to it, and where to point a person at: a scalar's own place, the
    /// key of a list or mapping.
    /// </summary>
    public static (DocumentNode Node, Place Place) Find(DocumentNode root, string path)
    {
        var (node, place) = (root, root.Place);
        foreach (var segment in Segments(path))
        {
            if (node is MappingNode mapping && mapping.TryFind(segment, out var entry))
                (node, place) = (entry.Value, entry.Value is ScalarNode ? entry.Value.Place : entry.KeyPlace);
            else if (node is SequenceNode sequence && int.TryParse(segment, out var index) && index >= 0 && index < sequence.Items.Count)
                (node, place) = (sequence.Items[index], sequence.Items[index].Place);
            else
                break;
        }

        return (node, place);
    }
}
