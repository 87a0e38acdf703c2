using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// How many processes the system has killed for want of memory: of this process's control group where that is counted, else of the whole machine.
/// </summary>
internal static class SystemKillCount
{
    private const string Key = "oom_kill ";

    /// <summary>A reader of the count; it reads 0 where the system does not tell.</summary>
    public static Func<long> Find() => Find("/proc", "/sys/fs/cgroup", Environment.ProcessId);

    public static Func<long> Find(string proc, string groups, int self)
    {
        var file = Candidates(proc, groups).FirstOrDefault(f => Read(f) is not null && IsIn(Path.GetDirectoryName(f)!, self)) ?? Path.Combine(proc, "vmstat");
        return () => Read(file) ?? 0;
    }

    private static IEnumerable<string> Candidates(string proc, string groups)
    {
        foreach (var line in Lines(Path.Combine(proc, "self", "cgroup")))
        {
            // number:controllers:path, without number and controllers in version 2
            if (line.Split(':', 3) is not [var number, var controllers, var path])
                continue;
            string[] mounts = number == "0" ? [groups, Path.Combine(groups, "unified")] : controllers.Split(',').Contains("memory") ? [Path.Combine(groups, "memory")] : [];
            foreach (var mount in mounts)
            {
                // In a container the path may be the one outside, and what is mounted its end.
                foreach (var folder in (string[])[mount + path, mount])
                    yield return Path.Combine(folder, number == "0" ? "memory.events" : "memory.oom_control");
            }
        }
    }

    private static bool IsIn(string folder, int self) => Lines(Path.Combine(folder, "cgroup.procs")).Contains(self.ToString(CultureInfo.InvariantCulture));

    private static long? Read(string file) =>
        Lines(file).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) is { } line
        && long.TryParse(line.AsSpan(Key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
