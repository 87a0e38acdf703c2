namespace Orchestrator.Execution.Processes;

/// <summary>How the processes of runs are started and spoken to on this system. Safe for concurrent use.</summary>
internal interface IProcessHost : IDisposable
{
    /// <summary>Makes ready what starting needs, so that the first run need not wait for it.</summary>
    void Prepare();

    /// <summary>Starts an external program: nothing to read on its standard input, its output and its errors apart.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Changes of the environment; <see langword="null"/> as a value takes a variable away.</param>
    /// <param name="folder">The folder it starts in.</param>
    /// <exception cref="ProcessLauncherException">No process can be started at all. That this program cannot is told by its end.</exception>
    StartedCommand StartCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder);

    /// <summary>Starts this program once more, as a worker.</summary>
    /// <exception cref="ProcessLauncherException">No process can be started.</exception>
    StartedWorker StartWorker(IReadOnlyDictionary<string, string?> environment);

    /// <summary>Something to wait for together with what a process says.</summary>
    ISignal NewSignal();
}

/// <summary>An external program that was started; whoever started it disposes all three.</summary>
internal readonly record struct StartedCommand(RunProcess Process, IByteSource Output, IByteSource Error);

/// <summary>A worker's process that was started; whoever started it disposes all four.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Channel">What it and the orchestrator tell each other.</param>
/// <param name="Control">What is urgent; that it is closed tells the process to end.</param>
/// <param name="Output">What it prints.</param>
internal readonly record struct StartedWorker(RunProcess Process, MessageStream Channel, IControlLine Control, IByteSource Output);

/// <summary>Something that a thread waits for together with others, by <see cref="Waiting"/>. All of one wait are of one host.</summary>
internal interface IWaitSource : IDisposable
{
    /// <summary>What is set while there is something; <see langword="null"/>: it is a <see cref="Descriptor"/>, which the system itself waits for.</summary>
    WaitHandle? Handle { get; }
}

/// <summary>Is waited for until it is set.</summary>
internal interface ISignal : IWaitSource
{
    void Set();
}

/// <summary>Bytes that another process writes, read without waiting.</summary>
internal interface IByteSource : IWaitSource
{
    /// <summary>Takes what is there: 0 at the end, -1 where nothing is there yet.</summary>
    int Read(Span<byte> buffer);

    /// <summary>
    /// A run has ended, and the process said so elsewhere: what was printed before that is waited for by the readings that follow, where it
    /// is not at hand in any case.
    /// </summary>
    void ExpectMark();
}

/// <summary>A line to a process for a few bytes at a time that must not wait behind others.</summary>
internal interface IControlLine : IDisposable
{
    /// <summary>Writes a few bytes; whoever is gone does not get them.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>What <see cref="MemoryWatch"/> sees at one moment: the system's table is read once for all, and only where somebody asks.</summary>
internal sealed class MemorySnapshot
{
    public List<ProcessEntry> Table => field ??= ProcessTable.Read();
}

/// <summary>A process of a run. Dispose it once it has ended and nobody waits for it.</summary>
internal abstract class RunProcess : IDisposable
{
    private readonly Lock _gate = new();
    private Action? _whenEnded;
    private ProcessEnd? _end;
    private bool _disposed;

    protected RunProcess(ISignal ended) => Ended = ended;

    /// <summary>Its id; 0 until that is known.</summary>
    public int Id { get; protected set; }

    /// <summary>Set once it has ended.</summary>
    public ISignal Ended { get; }

    /// <summary>Whether it was killed by us: then its end is our doing.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>The memory in bytes for which it was killed; <see langword="null"/>: it was not.</summary>
    public long? KilledAtMemory { get; private set; }

    /// <summary>How it ended; <see langword="null"/>: it goes on.</summary>
    public ProcessEnd? End
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    /// <summary>Whether it was asked to end before it had ended.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>Asks it, and what it started, to end.</summary>
    public void AskToEnd()
    {
        lock (_gate)
            WasAsked |= _end is null;
        Ask();
    }

    /// <summary>Kills it, and what descends from it.</summary>
    public void Kill()
    {
        WasKilled = true;
        KillAll();
    }

    public void KillForMemory(long held)
    {
        KilledAtMemory ??= held;
        Kill();
    }

    /// <summary>Kills what descends from it, but not itself, and waits until that is done.</summary>
    public abstract void Clean();

    /// <summary>The memory that it and what descends from it hold, in bytes; up to <paramref name="enough"/> it may be less.</summary>
    public abstract long HeldBytes(MemorySnapshot snapshot, long enough);

    /// <summary>The memory that it holds itself, in bytes; 0: it is gone.</summary>
    public abstract long OwnHeldBytes { get; }

    /// <summary>Notes that it came as far as taking a run: whatever ends it, or its launcher, from here on did not do so at the start.</summary>
    public virtual void HasBegun()
    {
    }

    /// <summary>Calls this once it has ended, on the thread that hears of it: it must be quick.</summary>
    public void WhenEnded(Action act)
    {
        lock (_gate)
        {
            if (_end is null)
            {
                _whenEnded += act;
                return;
            }
        }

        act();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Ended.Dispose();
        }

        Release();
    }

    protected abstract void Ask();

    protected abstract void KillAll();

    /// <summary>Gives back what it holds, besides <see cref="Ended"/>.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>Says how it ended.</summary>
    protected void Finished(ProcessEnd end)
    {
        lock (_gate)
        {
            _end = end;
            if (!_disposed)
                Ended.Set();
        }

        _whenEnded?.Invoke();
    }
}
