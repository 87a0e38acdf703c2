using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Steering;

/// <summary>
/// The wait for another process's answer: bounded, and given up on a Ctrl-C or SIGTERM. Says so when an answer does not come at once.
/// </summary>
internal sealed class AnswerWait : IDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _signaled = new();
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenSource _either;
    private readonly ITimer _notice;
    private readonly PosixSignalRegistration[] _signals;

    public AnswerWait(string sweep, CliConsole console, TimeProvider time)
    {
        _patience = new CancellationTokenSource(Patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, _signaled.Token);
        _notice = time.CreateTimer(
            _ => console.Error.WriteLine($"Waiting for the process that executes {sweep} to answer. Ctrl-C gives up."),
            null, Quiet, Timeout.InfiniteTimeSpan);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => GiveUp(context, ExitCodes.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => GiveUp(context, ExitCodes.Terminated)),
        ];
    }

    /// <summary>Canceled when the wait is over.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>The exit code of the signal that ended the wait; <see langword="null"/>: none did.</summary>
    public int? Signaled { get; private set; }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _notice.Dispose();
        _either.Dispose();
        _patience.Dispose();
        _signaled.Dispose();
    }

    private void GiveUp(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        Signaled = exitCode;
        _signaled.Cancel();
    }
}
