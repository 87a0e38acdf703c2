using System.Globalization;
using Orchestrator.Execution.Causes;

namespace Orchestrator.Execution.Processes;

/// <summary>What the end of a process says of the run in it.</summary>
internal static class ProcessFailures
{
    private const double Mebibyte = 1024 * 1024;
    private const int KilledChild = 128 + 9;

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
                // A shell whose child the system killed says so with 128 + 9.
                if (end.Code == KilledChild && !process.WasKilled && isOfMemory())
                    return FailureCapture.FromRule(
                        FailureKind.OutOfMemory, $"The system ran out of memory and killed what {what} had started; it ended with exit code 137.", end.Code);
                return FailureCapture.FromRule(
                    FailureKind.Exit, string.Create(CultureInfo.InvariantCulture, $"{Upper(what)} ended with exit code {end.Code}."), end.Code);
            case ProcessEndWay.Signaled when end.Code == Libc.SigKill && !process.WasKilled:
                if (isOfMemory())
                    return FailureCapture.FromRule(FailureKind.OutOfMemory, $"The system ran out of memory and killed {what}.", signal: end.Code);
                return Lost($"{Upper(what)} was killed from outside ({NameOf(end.Code)}).", end.Code);
            case ProcessEndWay.Signaled when end.Code == Libc.SigXfsz:
                return FailureCapture.FromRule(
                    FailureKind.ResourceLimit,
                    $"{Upper(what)} was ended by {NameOf(end.Code)}: it wrote a file beyond the size that is allowed here (ulimit -f).",
                    signal: end.Code);
            default:
                return FailureCapture.FromRule(FailureKind.Signal, $"{Upper(what)} was ended by {NameOf(end.Code)}.", signal: end.Code);
        }
    }

    /// <summary>
    /// The failure with the program's own words. An <see cref="FailureKind.OutOfMemory"/> where they are that there is no memory left; a
    /// <see cref="FailureKind.ResourceLimit"/> where its disk was full: one of its last lines says that, or the run's folder takes nothing at this moment.
    /// </summary>
    /// <param name="failure">What the end of its process says.</param>
    /// <param name="words">What it said last.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="quotes">Whether what it said is its own account of the failure: a command's is, a worker process tells of its runs itself.</param>
    public static RunFailure Explain(RunFailure failure, ProgramWords words, RunAttempt attempt, bool quotes)
    {
        var cause = quotes ? words.Cause : null;
        // What was asked to end, or killed from outside, did not end because of a disk.
        var ofItself = failure is { Kind: FailureKind.Exit, ExitCode: not null } or { Kind: FailureKind.Signal, Signal: Libc.SigAbrt or Libc.SigBus };
        if (ofItself && attempt.CancellationReason == CancellationReason.None)
        {
            if (cause is not null && OutOfMemoryText.IsIn(cause.Type, cause.Message))
                return With(FailureKind.OutOfMemory, $": {cause.Message}");
            if (failure.Signal == Libc.SigAbrt && OutOfMemoryText.IsIn(words.ErrorTail))
                return With(FailureKind.OutOfMemory, ": it ran out of memory, and said so before it gave up.");
            if (FullDisk.LineIn(words.ErrorTail) is { } line)
                return With(FailureKind.ResourceLimit, $": {line}");
            var folder = attempt.Info.Folder.FullPath;
            if (FullDisk.Holds(folder))
                return With(FailureKind.ResourceLimit, $"{(cause is null ? "" : $": {cause.Message}")} (there is no room left on the disk of {folder})");
        }

        return cause is null || failure.Kind is not (FailureKind.Exit or FailureKind.Signal) ? failure : With(failure.Kind, $": {cause.Message}");

        RunFailure With(FailureKind kind, string more)
        {
            var message = failure.Message.TrimEnd('.') + more;
            return cause?.Type is not null || (cause is not null && kind == failure.Kind)
                ? FailureCapture.FromProgram(failure, kind, message, cause)
                : FailureCapture.FromRule(kind, message, failure.ExitCode, failure.Signal);
        }
    }

    private static string LimitOf(RunTicket ticket) => ticket.Grant is { IsAlone: true, MemoryBytes: var all }
        ? string.Create(CultureInfo.InvariantCulture, $"its pool has {all / Mebibyte:F0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"the sweep's 'resources.memory' is {ticket.Sweep.Definition.Resources.Memory / Mebibyte:F0} MiB");

    /// <summary>What the system says of an error's number.</summary>
    public static string ErrorText(int number) => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(number);

    private static RunFailure Lost(string message, int? signal = null) => FailureCapture.FromRule(FailureKind.WorkerLost, message, signal: signal);

    private static string Upper(string what) => char.ToUpperInvariant(what[0]) + what[1..];
}
