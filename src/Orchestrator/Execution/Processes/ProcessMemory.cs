using System.Buffers.Text;
using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// What processes hold of the memory: anonymous and shared pages, a file on a tmpfs among those. Pages of files that are mapped are not held: the
/// system drops them when it needs room.
/// </summary>
internal static class ProcessMemory
{
    private const int LongestStatus = 8192;

    /// <summary>What a process holds, in bytes; <see langword="null"/>: it is gone, or the system does not say (before Linux 4.5).</summary>
    public static long? HeldBy(int process)
    {
        Span<byte> buffer = stackalloc byte[LongestStatus];
        if (!ProcessTable.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"), buffer, out var length))
            return null;
        return Kibibytes(buffer[..length], "\nRssAnon:"u8) + Kibibytes(buffer[..length], "\nRssShmem:"u8) << 10;
    }

    /// <summary>What some processes hold together, in bytes; where their resident pages are few enough, those, which are quicker to be had.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="enough">In bytes: what lies above needs to be known, what does not may be too much.</param>
    public static long HeldBy(List<ProcessEntry> processes, long enough)
    {
        long resident = 0, held = 0;
        foreach (var process in processes)
            resident += Resident(process);
        if (resident <= enough)
            return resident;
        foreach (var process in processes)
            held += HeldBy(process.Id) ?? Resident(process);
        return held;
    }

    private static long Resident(ProcessEntry process) => process.ResidentPages * Environment.SystemPageSize;

    private static long? Kibibytes(ReadOnlySpan<byte> status, ReadOnlySpan<byte> key)
    {
        var at = status.IndexOf(key);
        return at >= 0 && Utf8Parser.TryParse(status[(at + key.Length)..].TrimStart(" \t"u8), out long number, out _) ? number : null;
    }
}
