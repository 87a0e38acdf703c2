using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// The environment variable by which whatever descends from a run's process is found again: <c>orchestrator.start.namespace.part.number</c>.
/// The first three name the orchestrating process for good, the fourth one of its launchers, the last one the process. Inherited by
/// everything that does not clear its environment.
/// </summary>
internal sealed class ProcessMark
{
    public const string Variable = "ORCHESTRATOR_PROCESS";

    private static int Parts;
    private readonly string _prefix;

    private ProcessMark(string prefix) => _prefix = prefix;

    /// <summary>A new one of this process.</summary>
    public static ProcessMark New() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessId}.{ProcessTable.Find(Environment.ProcessId)?.Started ?? 0}.{NamespaceOf(Environment.ProcessId)}.{Interlocked.Increment(ref Parts)}."));

    public static ProcessMark Read(string prefix) => new(prefix);

    public string Prefix => _prefix;

    /// <summary>The orchestrator whose mark it is: its id, and when it started.</summary>
    public (int Process, long Started)? Owner =>
        _prefix.Split('.') is [var owner, var started, ..]
        && int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var moment)
            ? (id, moment)
            : null;

    public string Of(long number) => _prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of the process of ours from which this one descends.</summary>
    public long? NumberOf(int process)
    {
        var mark = ProcessTable.Variable(process, Variable);
        return mark is not null && mark.StartsWith(_prefix, StringComparison.Ordinal)
            && long.TryParse(mark.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>Kills whatever an orchestrator of this machine left behind that is no longer there itself.</summary>
    /// <returns>How many processes were killed.</returns>
    public static int KillLeftOvers()
    {
        var killed = 0;
        var here = NamespaceOf(Environment.ProcessId);
        foreach (var entry in ProcessTable.Read())
        {
            if (entry.IsZombie || ProcessTable.Variable(entry.Id, Variable)?.Split('.') is not [var owner, var started, var space, _, _])
                continue;
            // Numbers of another namespace mean other processes here.
            if (space != here || !int.TryParse(owner, CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
                continue;
            if (ProcessTable.Find(id) is { IsZombie: false } living && living.Started.ToString(CultureInfo.InvariantCulture) == started)
                continue;
            if (Libc.Kill(entry.Id, Libc.SigKill) == 0)
                killed++;
        }

        return killed;
    }

    /// <summary>Kills everything that bears this mark, until nothing is left.</summary>
    public void KillAll()
    {
        const int Rounds = 100; // something that forks faster than it can be killed
        for (var round = 0; round < Rounds; round++)
        {
            var found = false;
            foreach (var entry in ProcessTable.Read())
            {
                if (!entry.IsZombie && NumberOf(entry.Id) is not null)
                    found |= Libc.Kill(entry.Id, Libc.SigKill) == 0;
            }

            if (!found)
                return;
        }
    }

    private static string NamespaceOf(int process)
    {
        try
        {
            var link = File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/pid"), returnFinalTarget: false)?.Name;
            return string.Concat((link ?? "").Where(char.IsAsciiDigit));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return "0";
        }
    }
}
