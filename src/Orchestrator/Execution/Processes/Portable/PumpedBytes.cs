namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// What another process writes to one or more pipes, each read by a thread of its own (<see cref="PumpedPipe"/>) that holds one piece and
/// reads on once that is taken: who prints without end waits. What is known is what was read, not what is still in a pipe; so whoever wants
/// all that was written before something else happened waits for it: for the pipe's end after the process's own, or for a mark that the
/// process writes.
/// </summary>
internal sealed class PumpedBytes : IByteSource
{
    private readonly object _gate = new();
    private readonly ManualResetEvent _ready = new(initialState: false);
    private readonly PumpedPipe[] _pipes;
    private PumpedPipe? _inLine; // the pipe whose line has not come to its end yet: the others do not cut it
    private TimeSpan _patience;
    private bool _isDisposed;

    /// <param name="pipes">How many pipes there are.</param>
    /// <param name="mark">The mark, which is taken out of what is read; empty: there is none.</param>
    public PumpedBytes(int pipes, ReadOnlyMemory<byte> mark = default)
    {
        _pipes = new PumpedPipe[pipes];
        for (var i = 0; i < pipes; i++)
            _pipes[i] = new PumpedPipe(_gate, mark, Changed);
    }

    /// <summary>
    /// Whoever still holds the pipe of a process that has ended has so long to say more; and the thread that reads it so long to come by what is
    /// in it, on a machine that is busy.
    /// </summary>
    public TimeSpan AfterEnd { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A mark that does not come by then will not come: the run has closed what it would be written to. Waited for in vain once at most, and on a
    /// machine that is busy the thread that reads may be late: so it is long.
    /// </summary>
    public TimeSpan ForMark { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public WaitHandle? Handle => _ready;

    /// <summary>Begins to read a pipe; its stream is disposed once that has ended.</summary>
    public void Start(int pipe, Stream stream, string name)
    {
        lock (_gate)
        {
            if (_isDisposed || _pipes[pipe].IsAtEnd)
                stream.Dispose();
            else
                _pipes[pipe].Start(stream, name);
        }
    }

    /// <summary>The process has ended: what is not here soon does not come.</summary>
    public void ExpectEnd()
    {
        lock (_gate)
        {
            _patience = AfterEnd;
            foreach (var pipe in _pipes)
            {
                if (!pipe.IsStarted)
                    pipe.Finish();
            }
        }
    }

    /// <inheritdoc/>
    public void ExpectMark()
    {
        lock (_gate)
        {
            foreach (var pipe in _pipes)
                pipe.ExpectMark();
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            PumpedPipe? from;
            while ((from = Next()) is null)
            {
                if (Array.TrueForAll(_pipes, p => p.IsAtEnd))
                    return 0;
                var forMark = Array.Exists(_pipes, p => p.OwesMark);
                var patience = forMark ? ForMark : _patience;
                if (patience == TimeSpan.Zero || _isDisposed)
                    return -1;
                if (Monitor.Wait(_gate, patience))
                    continue;
                if (!forMark)
                    _patience = TimeSpan.Zero;
                foreach (var pipe in _pipes)
                    pipe.GiveUpOwed();
                return -1;
            }

            var count = from.Take(buffer);
            _inLine = buffer[count - 1] == (byte)'\n' ? null : from;
            Changed();
            return count;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            foreach (var pipe in _pipes)
                pipe.Stop();
            _ready.Dispose();
        }
    }

    private PumpedPipe? Next() => _inLine is { HasBytes: true } ? _inLine : Array.Find(_pipes, p => p.HasBytes);

    /// <summary>Under the gate.</summary>
    private void Changed()
    {
        Monitor.PulseAll(_gate);
        if (_isDisposed)
            return;
        if (Next() is not null || Array.TrueForAll(_pipes, p => p.IsAtEnd))
            _ready.Set();
        else
            _ready.Reset();
    }
}
