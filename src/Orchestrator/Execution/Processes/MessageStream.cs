using System.Buffers.Binary;

namespace Orchestrator.Execution.Processes;

/// <summary>A stream of messages (<see cref="WireWriter"/>), received by one thread; sending is the caller's to serialise.</summary>
internal abstract class MessageStream : IDisposable
{
    /// <summary>Nobody sends more; what claims to is no message.</summary>
    private const int MostLength = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Is waited for until there is more, or the other side is gone.</summary>
    public abstract IWaitSource Source { get; }

    /// <summary>Takes the next message that was received as a whole. The payload is valid until the next call of anything.</summary>
    /// <exception cref="InvalidDataException">What came is no message.</exception>
    public bool TryTake(out byte type, out ReadOnlySpan<byte> payload)
    {
        type = 0;
        payload = default;
        if (_end - _start < WireWriter.HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length is < 0 or > MostLength)
            throw new InvalidDataException("What came from the other process is no message.");
        if (_end - _start - WireWriter.HeaderLength < length)
            return false;
        type = _buffer[_start + 4];
        payload = _buffer.AsSpan(_start + WireWriter.HeaderLength, length);
        _start += WireWriter.HeaderLength + length;
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <returns><see langword="false"/>: the other side is gone.</returns>
    public bool Receive() => Receive(wait: true) > 0;

    /// <summary>Takes what is there: 0 where the other side is gone, -1 where there is nothing yet.</summary>
    public int ReceiveNow() => Receive(wait: false);

    /// <summary>Sends all of it, waiting where the other side is behind.</summary>
    /// <returns><see langword="false"/>: the other side is gone.</returns>
    public abstract bool Send(ReadOnlySpan<byte> bytes);

    public abstract void Dispose();

    /// <summary>Receives into the room; 0 where the other side is gone, -1 where there is nothing yet and it must not wait.</summary>
    protected abstract int Receive(Span<byte> room, bool wait);

    private int Receive(bool wait)
    {
        MakeRoom();
        var count = Receive(_buffer.AsSpan(_end), wait);
        if (count > 0)
            _end += count;
        return count;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_buffer.Length > 1024 * 1024)
                _buffer = new byte[16 * 1024];
            return;
        }

        var wanted = WireWriter.HeaderLength;
        if (_end - _start >= WireWriter.HeaderLength)
            wanted += BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (_buffer.Length - _end >= 4096 && _buffer.Length - _start >= wanted)
            return;
        var target = _buffer.Length - (_end - _start) >= 4096 && _buffer.Length >= wanted ? _buffer : new byte[Math.Max(_buffer.Length, wanted + 4096)];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        (_buffer, _end, _start) = (target, _end - _start, 0);
    }
}
