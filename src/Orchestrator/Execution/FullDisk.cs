namespace Orchestrator.Execution;

/// <summary>Tells that a disk, or somebody's part in it, was full: by an exception, by what a program said, by looking.</summary>
internal static class FullDisk
{
    private const int MostCauses = 16;
    private const int LongestQuote = 300;
    private const int ProbeBytes = 64 * 1024;

    /// <summary>ENOSPC (28), EDQUOT (122, on macOS 69); ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.</summary>
    private static readonly int[] Results =
    [
        28, OperatingSystem.IsMacOS() ? 69 : 122, unchecked((int)0x80070027), unchecked((int)0x80070070), unchecked((int)0x8007050F),
    ];

    /// <summary>How programs say it: the system's texts, those of Python, Node, SQLite; the last two are a file beyond <c>ulimit -f</c>.</summary>
    private static readonly string[] Texts =
    [
        "No space left on device", "Disk quota exceeded", "[Errno 28]", "[Errno 122]", "ENOSPC", "EDQUOT", "database or disk is full",
        "File size limit exceeded", "[Errno 27]",
    ];

    /// <summary>Whether an exception, or one that it was caused by, says it.</summary>
    public static bool IsCauseOf(Exception exception)
    {
        var waiting = new Queue<Exception>([exception]);
        for (var i = 0; i < MostCauses && waiting.TryDequeue(out var next); i++)
        {
            if (next is IOException && Results.Contains(next.HResult))
                return true;
            if (next is AggregateException aggregate)
                foreach (var each in aggregate.InnerExceptions)
                    waiting.Enqueue(each);
            else if (next.InnerException is { } inner)
                waiting.Enqueue(inner);
        }

        return false;
    }

    /// <summary>The last line of a text that says it; <see langword="null"/> if none does.</summary>
    public static string? LineIn(string? text)
    {
        string? found = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var said in Texts)
            {
                if (!line.Contains(said, StringComparison.OrdinalIgnoreCase))
                    continue;
                var trimmed = line.Trim();
                found = trimmed.Length <= LongestQuote ? trimmed.ToString() : string.Concat(trimmed[..LongestQuote], "...");
                break;
            }
        }

        return found;
    }

    /// <summary>
    /// Whether a folder takes nothing at this moment. Tried, not asked for: a file system's numbers know nothing of quotas and of what is
    /// kept back for root.
    /// </summary>
    public static bool Holds(string folder)
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using var file = new FileStream(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            file.Write(new byte[ProbeBytes]);
            return false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return IsCauseOf(cause);
        }
    }
}
