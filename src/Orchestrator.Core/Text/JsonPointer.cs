namespace Orchestrator.Text;

/// <summary>JSON pointers (RFC 6901): where something stands in a sweep file.</summary>
internal static class JsonPointer
{
    /// <summary>The pointer of a key below another one.</summary>
    public static string Append(string pointer, string key) =>
        pointer + "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The pointer of an item of a list.</summary>
    public static string Append(string pointer, int index) => $"{pointer}/{index}";

    /// <summary>The keys and indices of a pointer.</summary>
    public static IEnumerable<string> Segments(string pointer) => pointer.Split('/').Skip(1)
        .Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    /// <summary>The pointers of everything above a pointer, the nearest first, without the root.</summary>
    public static IEnumerable<string> Ancestors(string pointer)
    {
        for (var end = pointer.LastIndexOf('/'); end > 0; end = pointer.LastIndexOf('/', end - 1))
            yield return pointer[..end];
    }
}
