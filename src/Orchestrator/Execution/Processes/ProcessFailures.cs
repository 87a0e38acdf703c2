using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>What the end of a process says of the run in it.</summary>
internal static class ProcessFailures
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>
    /// So many processes in a row that are killed before they are of any use that no chance explains it, however busy the machine: something here
    /// lets none live.
    /// </summary>
    public const int HopelessStarts = 200;

    private static readonly string[] Signals =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
        "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    private static readonly string[] SignalsOfBsd =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGEMT", "SIGFPE", "SIGKILL", "SIGBUS", "SIGSEGV", "SIGSYS",
        "SIGPIPE", "SIGALRM", "SIGTERM", "SIGURG", "SIGSTOP", "SIGTSTP", "SIGCONT", "SIGCHLD", "SIGTTIN", "SIGTTOU", "SIGIO", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGINFO", "SIGUSR1", "SIGUSR2",
    ];

    /// <summary>The name of a signal, with its number.</summary>
    public static string NameOf(int signal)
    {
        var names = OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD() ? SignalsOfBsd : Signals;
        return string.Create(CultureInfo.InvariantCulture, $"signal {signal}{(signal > 0 && signal < names.Length ? $" ({names[signal]})" : "")}");
    }

    /// <summary>A run whose process ended in the middle of it.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="what">Which process, for the message: <c>the run's process</c>.</param>
    /// <param name="process">The process.</param>
    /// <param name="ticket">The run.</param>
    /// <param name="isOfMemory">Asked of a SIGKILL that nobody here sent: whether the system sent it for want of memory.</param>
    /// <exception cref="ProcessLauncherException">No process can be started: the program fails where it should start them.</exception>
    public static RunFailure Of(ProcessEnd end, string what, RunProcess process, RunTicket ticket, Func<bool> isOfMemory)
    {
        if (process.KilledAtMemory is { } held)
            return FailureCapture.FromRule(FailureKind.OutOfMemory, string.Create(CultureInfo.InvariantCulture,
                $"{Upper(what)} held {held / Mebibyte:F0} MiB, with what descends from it; {LimitOf(ticket)}. It was killed."));
        switch (end.Way)
        {
            case ProcessEndWay.LauncherLost:
                return Lost($"The launcher of processes was lost, and {what} with it.");
            case ProcessEndWay.LauncherFailed:
                throw ProcessLauncherException.Of(end);
            case ProcessEndWay.NotStarted:
                return FailureCapture.FromRule(FailureKind.Exit, $"{Upper(what)} could not be started: {ErrorText(end.Code)}.");
            case ProcessEndWay.Exited:
                return FailureCapture.FromRule(
                    FailureKind.Exit, string.Create(CultureInfo.InvariantCulture, $"{Upper(what)} ended with exit code {end.Code}.")) with { ExitCode = end.Code };
            case ProcessEndWay.Signaled when end.Code == Libc.SigKill && !process.WasKilled:
                if (isOfMemory())
                    return FailureCapture.FromRule(FailureKind.OutOfMemory, $"The system ran out of memory and killed {what}.") with { Signal = end.Code };
                return Lost($"{Upper(what)} was killed from outside ({NameOf(end.Code)}).") with { Signal = end.Code };
            case ProcessEndWay.Signaled when end.Code == Libc.SigXfsz:
                return FailureCapture.FromRule(
                    FailureKind.ResourceLimit,
                    $"{Upper(what)} was ended by {NameOf(end.Code)}: it wrote a file beyond the size that is allowed here (ulimit -f).") with { Signal = end.Code };
            default:
                var signal = FailureCapture.FromRule(FailureKind.Signal, $"{Upper(what)} was ended by {NameOf(end.Code)}.");
                return signal with { Signal = end.Code };
        }
    }

    /// <summary>
    /// The failure with the program's own words; a <see cref="FailureKind.ResourceLimit"/> where it ended so because its disk was full: one of its
    /// last lines says that, or the run's folder takes nothing at this moment.
    /// </summary>
    /// <param name="failure">What the end of its process says.</param>
    /// <param name="tail">The last lines that it said.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="said">What to quote of them otherwise, if anything.</param>
    public static RunFailure Explain(RunFailure failure, string? tail, RunAttempt attempt, string? said = null)
    {
        // What was asked to end, or killed from outside, did not end because of a disk.
        var ofItself = failure is { Kind: FailureKind.Exit, ExitCode: not null } or { Kind: FailureKind.Signal, Signal: Libc.SigAbrt or Libc.SigBus };
        if (ofItself && attempt.CancellationReason == CancellationReason.None)
        {
            if (failure.Signal == Libc.SigAbrt && SaysOutOfMemory(tail))
                return With(FailureKind.OutOfMemory, ": it ran out of memory, and said so before it gave up.");
            if (FullDisk.LineIn(tail) is { } line)
                return With(FailureKind.ResourceLimit, $": {line}");
            var folder = attempt.Info.Folder.FullPath;
            if (FullDisk.Holds(folder))
                return With(FailureKind.ResourceLimit, $"{(said is null ? "" : $": {said}")} (there is no room left on the disk of {folder})");
        }

        return said is null || failure.Kind != FailureKind.Exit ? failure : With(failure.Kind, $": {said}");

        RunFailure With(FailureKind kind, string more) =>
            FailureCapture.FromRule(kind, failure.Message.TrimEnd('.') + more) with { ExitCode = failure.ExitCode, Signal = failure.Signal };
    }

    /// <summary>Whether .NET's runtime says among the last lines of a process that it cannot go on without memory.</summary>
    private static bool SaysOutOfMemory(string? tail)
    {
        foreach (var line in tail.AsSpan().EnumerateLines())
        {
            if (line.Contains("System.OutOfMemoryException", StringComparison.Ordinal) || line.EndsWith("Out of memory.", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static string LimitOf(RunTicket ticket) => ticket.Grant is { IsAlone: true, MemoryBytes: var all }
        ? string.Create(CultureInfo.InvariantCulture, $"its pool has {all / Mebibyte:F0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"the sweep's 'resources.memory' is {ticket.Sweep.Definition.Resources.Memory / Mebibyte:F0} MiB");

    /// <summary>What the system says of an error's number.</summary>
    public static string ErrorText(int number) => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(number);

    private static RunFailure Lost(string message) => FailureCapture.FromRule(FailureKind.WorkerLost, message);

    private static string Upper(string what) => char.ToUpperInvariant(what[0]) + what[1..];
}
