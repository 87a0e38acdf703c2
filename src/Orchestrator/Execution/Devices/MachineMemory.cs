using System.Globalization;

namespace Orchestrator.Execution.Devices;

/// <summary>The memory that this process and its children may use.</summary>
internal static class MachineMemory
{
    private static readonly string[] Limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>In bytes: what the machine has, or less where a control group says so.</summary>
    public static long Total()
    {
        var total = Physical() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Limits.Select(Number).Where(limit => limit > 0).Append(total).Min() ?? total;
    }

    private static long? Physical()
    {
        const string Key = "MemTotal:";
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
            return long.TryParse(line?[Key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out var kibibytes)
                ? kibibytes << 10
                : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Number(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
