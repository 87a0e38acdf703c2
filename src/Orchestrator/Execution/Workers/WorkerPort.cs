using Microsoft.Extensions.Logging;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>
/// The run's port in a worker's process: what the run says goes to the orchestrator. Gathered for a moment, so that a run of few words
/// costs few messages; a run that says much waits while the orchestrator is behind.
/// </summary>
internal sealed class WorkerPort : IRunPort, IRunLog, IDisposable
{
    /// <summary>What is said first may wait this long for more.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    private const int MostGathered = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly WorkerChannel _channel;
    private readonly TimeProvider _time;
    private readonly Func<ILogger> _logger;
    private readonly CancellationTokenSource _cancellation = new();
    private int _reason;
    private bool _ended;

    public WorkerPort(RunInfo info, int number, WorkerChannel channel, TimeProvider time, Func<ILogger> logger)
    {
        (Info, Number, _channel, _time, _logger) = (info, number, channel, time, logger);
        CancellationToken = _cancellation.Token;
    }

    public RunInfo Info { get; }

    /// <summary>The run's number in this process.</summary>
    public int Number { get; }

    public CancellationToken CancellationToken { get; }

    public CancellationReason CancellationReason => (CancellationReason)Volatile.Read(ref _reason);

    /// <summary>Made when first asked for: most runs never do, and logging is a third of what a process needs to be ready.</summary>
    public ILogger Logger => field ??= _logger();

    public IRunLog Log => this;

    public DateTimeOffset Now => _time.GetUtcNow();

    public ValueTask Report(long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        foreach (var (name, _) in metrics)
            RunAttempt.Checked(name);
        lock (_gate)
        {
            if (_ended)
                return default;
            var writer = _channel.Writer.Begin((byte)WorkerAnswer.Report).Long(step).Int(metrics.Length);
            foreach (var (name, value) in metrics)
                writer.Text(name).Double(value);
            writer.End();
            Send();
        }

        return default;
    }

    public ValueTask Note(RunNote note)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                WorkerMessages.Write(_channel.Writer, note);
                Send();
            }
        }

        return default;
    }

    public void Write(string text)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _channel.Writer.Begin((byte)WorkerAnswer.Log).Text(text).End();
            Send();
        }
    }

    /// <summary>Asks the run to end; the first reason stands. Callbacks of user code are called here.</summary>
    public void Cancel(CancellationReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, 0) != 0)
            return;
        try
        {
            _cancellation.Cancel();
        }
        catch (Exception cause) when (cause is AggregateException or ObjectDisposedException)
        {
            // A callback registered by user code threw, or the run ended meanwhile: the token is canceled all the same.
        }
    }

    /// <summary>Says that the run ended; what comes later is dropped.</summary>
    public void End(RunEnding ending, bool startedProcesses)
    {
        lock (_gate)
        {
            _ended = true;
            var writer = _channel.Writer.Begin((byte)WorkerAnswer.Ended).Int(Number)
                .Byte(startedProcesses ? (byte)1 : (byte)0);
            WorkerMessages.Write(writer, ending);
            writer.End();
            _channel.Flush();
        }
    }

    /// <summary>Sends what was gathered; the channel's timer.</summary>
    public void FlushLate()
    {
        lock (_gate)
        {
            if (!_ended)
                _channel.Flush();
        }
    }

    public void Dispose() => _cancellation.Dispose();

    private void Send()
    {
        if (_channel.Writer.Length >= MostGathered)
            _channel.Flush();
        else
            _channel.FlushSoon(this, Moment);
    }
}

/// <summary>The channel to the orchestrator, shared by the runs of a worker's process one after the other.</summary>
internal sealed class WorkerChannel : IDisposable
{
    private readonly MessageStream _stream;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private volatile WorkerPort? _speaker;
    private bool _isDue;
    private bool _hasSaid;

    public WorkerChannel(MessageStream stream, TimeProvider time) => (_stream, _time) = (stream, time);

    /// <summary>What is gathered. Under the speaking port's lock.</summary>
    public WireWriter Writer { get; } = new();

    public void FlushSoon(WorkerPort port, TimeSpan wait)
    {
        if (_isDue)
            return;
        if (!_hasSaid)
        {
            // The first word of a process goes at once: whoever waits for it has waited for its start, and need not for a timer's.
            _hasSaid = true;
            Flush();
            return;
        }

        _isDue = true;
        _speaker = port;
        _timer ??= _time.CreateTimer(_ => _speaker?.FlushLate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Flush()
    {
        if (_isDue)
        {
            _isDue = false;
            _speaker = null;
        }

        if (Writer.Length > 0 && !_stream.Send(Writer.Written))
            ProcessWays.ExitNow(1); // nobody is left to work for
        Writer.Clear();
    }

    public void Dispose() => _timer?.Dispose();
}
