using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Orchestrator.Execution;

/// <summary>Carries queued runs to the workers. Delivery is at least once; the lease makes a second delivery harmless.</summary>
internal interface IRunQueue
{
    /// <summary>Never blocks: the coordinator holds back by counting what it has out.</summary>
    void Enqueue(RunTicket ticket);

    /// <summary>Blocks the worker's thread until there is a run; false when the queue is closed and empty.</summary>
    bool TryTake([NotNullWhen(true)] out RunTicket? ticket);

    /// <summary>Ends the workers once the queue is empty.</summary>
    void Close();
}

/// <summary>The queue of one process.</summary>
internal sealed class ChannelRunQueue : IRunQueue
{
    private readonly Channel<RunTicket> _channel = Channel.CreateUnbounded<RunTicket>();

    public void Enqueue(RunTicket ticket) => _channel.Writer.TryWrite(ticket);

    public bool TryTake([NotNullWhen(true)] out RunTicket? ticket)
    {
        while (!_channel.Reader.TryRead(out ticket))
            if (!_channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                return false;
        return true;
    }

    public void Close() => _channel.Writer.TryComplete();
}
