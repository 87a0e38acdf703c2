using System.Net.Sockets;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>A worker's channel, seen from the orchestrator: its socket is there once the worker has called.</summary>
internal sealed class WorkerSocketMessages : MessageStream
{
    private readonly PumpedBytes _received = new(pipes: 1);
    private volatile Socket? _socket;

    /// <summary>What is received by it.</summary>
    public PumpedBytes Received => _received;

    public override IWaitSource Source => _received;

    public void Attach(Socket socket)
    {
        _socket = socket;
        _received.Start(0, new NetworkStream(socket, ownsSocket: true), "worker channel");
    }

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> bytes) => _socket is { } socket && SocketBytes.Send(socket, bytes);

    public override void Dispose()
    {
        _received.Dispose();
        _socket?.Dispose(); // ends the reading
    }

    protected override int Receive(Span<byte> room, bool wait)
    {
        int count;
        while ((count = _received.Read(room)) < 0 && wait)
            Waiting.ForAny([_received]);
        return count;
    }
}

/// <summary>The line for what is urgent, seen from the orchestrator.</summary>
internal sealed class WorkerSocketControl : IControlLine
{
    private readonly Lock _gate = new();
    private Socket? _socket;
    private bool _isDisposed;

    public void Attach(Socket socket)
    {
        lock (_gate)
        {
            _socket = socket;
            if (_isDisposed)
                socket.Dispose(); // the worker hears that it is to end
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_socket is { } socket && !_isDisposed)
                SocketBytes.Send(socket, bytes);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _socket?.Dispose();
        }
    }
}

/// <summary>A channel over a socket that one thread reads by waiting for it: the worker's side.</summary>
internal sealed class SocketMessages(Socket socket) : MessageStream
{
    public override IWaitSource Source => throw new NotSupportedException("The worker's side waits in Receive.");

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> bytes) => SocketBytes.Send(socket, bytes);

    public override void Dispose() => socket.Dispose();

    protected override int Receive(Span<byte> room, bool wait) => SocketBytes.Receive(socket, room);
}

/// <summary>Bytes over a socket; whoever is gone is no error.</summary>
internal static class SocketBytes
{
    public static bool Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[socket.Send(bytes)..];
            return true;
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Waits for some; 0: the other side is gone.</summary>
    public static int Receive(Socket socket, Span<byte> room)
    {
        try
        {
            return socket.Receive(room);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
