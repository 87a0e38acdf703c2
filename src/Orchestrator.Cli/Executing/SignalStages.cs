using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Executing;

/// <summary>
/// The stages of a Ctrl-C: the first one lets runs finish, the second one (or SIGTERM, or a lost terminal) ends them so that they can be resumed, the
/// third one exits. Each says in a line what happens and what the next one does.
/// </summary>
/// <param name="stop">Lets runs finish and starts nothing new; takes the reason.</param>
/// <param name="cancel">Ends the runs, too; takes the reason.</param>
/// <param name="say">Shows a line.</param>
/// <param name="exit">Ends the process at once.</param>
internal sealed class SignalStages(Action<string> stop, Action<string> cancel, Action<string> say, Action<int> exit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _stage;
    private bool _terminated;
    private bool _over;

    /// <summary>The stages of one sweep.</summary>
    public SignalStages(SweepControl control, Action<string> say, Action<int> exit)
        : this(control.Stop, control.Cancel, say, exit)
    {
    }

    /// <summary>The exit code of a sweep that a signal ended.</summary>
    public int ExitCode => _terminated ? ExitCodes.Terminated : ExitCodes.Interrupted;

    /// <summary>Hears the signals of this process from here on.</summary>
    public SignalStages Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Hear(context, Interrupt)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Hear(context, Terminate)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Hear(context, HangUp)));
        return this;
    }

    /// <summary>A SIGINT came.</summary>
    public void Interrupt() => Advance(terminates: false, "Ctrl-C");

    /// <summary>A SIGTERM came.</summary>
    public void Terminate() => Advance(terminates: true, "SIGTERM");

    /// <summary>A SIGHUP came: as SIGTERM. The kernel and the shell may each send one, so that a further one hastens nothing.</summary>
    public void HangUp()
    {
        lock (_gate)
        {
            if (_stage >= 2)
                return;
        }

        Advance(terminates: true, "SIGHUP");
    }

    /// <summary>The sweep is over: what comes now ends the process the usual way.</summary>
    public void Dispose()
    {
        lock (_gate)
            _over = true;
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Hear(PosixSignalContext context, Action act)
    {
        lock (_gate)
        {
            if (_over)
                return;
        }

        context.Cancel = true;
        act();
    }

    private void Advance(bool terminates, string signal)
    {
        int stage;
        lock (_gate)
        {
            _terminated |= terminates;
            stage = _stage = terminates ? Math.Max(2, _stage + 1) : _stage + 1;
        }

        switch (stage)
        {
            case 1:
                say("Stopping: nothing new is started, running runs go on to their end. Ctrl-C again ends them.");
                stop("stopped by Ctrl-C");
                break;
            case 2:
                say("Canceling: running runs are ended and can be resumed. Ctrl-C again exits at once.");
                cancel("canceled by " + signal);
                break;
            default:
                say("Exiting at once. The sweep can be resumed.");
                exit(ExitCode);
                break;
        }
    }
}
