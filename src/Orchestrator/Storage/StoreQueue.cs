using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Orchestrator.Storage;

/// <summary>
/// The bounded queue between all who append and the one thread that writes. Both sides can block without a thread of the pool:
/// the channel alone would wake a blocked thread through the pool, which user code may have used up.
/// </summary>
internal sealed class StoreQueue(int capacity) : IDisposable
{
    private readonly Channel<StoreCommand> _channel = Channel.CreateBounded<StoreCommand>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    private readonly ManualResetEventSlim _wake = new(false, spinCount: 0);
    private readonly object _space = new();
    private bool _takerSleeps;
    private int _blocked;
    private volatile bool _closed;
    private StoreException? _failure;

    /// <summary>Why nothing can be appended any more; <see langword="null"/> if it can, or was only closed.</summary>
    public StoreException? Failure => Volatile.Read(ref _failure);

    public ValueTask AppendAsync(StoreCommand command)
    {
        if (!_channel.Writer.TryWrite(command))
            return AppendSlowlyAsync(command);
        WakeTaker();
        return ValueTask.CompletedTask;
    }

    public void Append(StoreCommand command)
    {
        if (!_channel.Writer.TryWrite(command))
            AppendBlocking(command);
        WakeTaker();
    }

    /// <summary>Takes no more: what waits may still be taken. A cause makes every later append throw it.</summary>
    public void Close(StoreException? cause = null)
    {
        Interlocked.CompareExchange(ref _failure, cause, null);
        _closed = true; // before the channel is: who fails to append must find the reason
        _channel.Writer.TryComplete();
        Interlocked.MemoryBarrier();
        _wake.Set();
        SignalSpace();
    }

    /// <summary>Blocks until there is something to take. Called by the one taker.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool WaitToTake()
    {
        while (!_channel.Reader.TryPeek(out _))
        {
            if (_channel.Reader.Completion.IsCompleted)
                return false;
            // Said before looking again: an appender either sees it and wakes us, or has appended what we now see.
            Volatile.Write(ref _takerSleeps, true);
            Interlocked.MemoryBarrier();
            if (!_channel.Reader.TryPeek(out _) && !_channel.Reader.Completion.IsCompleted)
                _wake.Wait();
            _wake.Reset();
            Volatile.Write(ref _takerSleeps, false);
        }

        return true;
    }

    public bool TryTake([NotNullWhen(true)] out StoreCommand? command) => _channel.Reader.TryRead(out command);

    /// <summary>Tells blocked appenders that there is room. Called by the taker after taking.</summary>
    public void SignalSpace()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _blocked) == 0)
            return;
        lock (_space)
            Monitor.PulseAll(_space);
    }

    public void Dispose() => _wake.Dispose();

    private async ValueTask AppendSlowlyAsync(StoreCommand command)
    {
        try
        {
            await _channel.Writer.WriteAsync(command).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Closed();
        }

        WakeTaker();
    }

    private void AppendBlocking(StoreCommand command)
    {
        Interlocked.Increment(ref _blocked);
        try
        {
            lock (_space)
            {
                while (!_channel.Writer.TryWrite(command))
                {
                    if (_closed)
                        throw Closed();
                    Monitor.Wait(_space);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _blocked);
        }
    }

    /// <summary>Why nothing can be appended any more.</summary>
    private Exception Closed() =>
        Volatile.Read(ref _failure) is { } failure
            ? new StoreException(failure.Message, failure)
            : new ObjectDisposedException(nameof(ISweepStore));

    private void WakeTaker()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _takerSleeps))
            _wake.Set();
    }
}
