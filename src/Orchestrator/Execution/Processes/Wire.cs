using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// Writes messages between processes: each has its length (4 bytes), its type (1 byte), then its fields, little-endian, texts in UTF-8
/// after their length. Reused; not safe for concurrent use.
/// </summary>
internal sealed class WireWriter
{
    public const int HeaderLength = 5;

    private byte[] _buffer = new byte[1024];
    private int _length;
    private int _begun;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > 1024 * 1024)
            _buffer = new byte[1024]; // one giant message must not be held for ever
    }

    public WireWriter Begin(byte type)
    {
        _begun = _length;
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), 0);
        Room(1)[0] = type;
        return this;
    }

    public void End() => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_begun), _length - _begun - HeaderLength);

    public WireWriter Byte(byte value)
    {
        Room(1)[0] = value;
        return this;
    }

    public WireWriter Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        return this;
    }

    public WireWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        return this;
    }

    public WireWriter Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        return this;
    }

    public WireWriter Text(ReadOnlySpan<char> value)
    {
        var at = _length;
        Room(4);
        var count = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, Room(count));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), count);
        return this;
    }

    /// <summary>A text, or none.</summary>
    public WireWriter Maybe(string? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        return value is null ? this : Text(value);
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}

/// <summary>Reads the fields of one message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> left)
{
    private ReadOnlySpan<byte> _left = left;

    public byte Byte() => Take(1)[0];

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>How many come next, each at least a byte long: who overwrote the message must not make us reserve room for what never comes.</summary>
    public int Count()
    {
        var count = Int();
        return count >= 0 && count <= _left.Length ? count : throw new InvalidDataException("A message between two processes has fewer items than it says.");
    }

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes() => Take(Int());

    public string? Maybe() => Byte() == 0 ? null : Text();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _left.Length)
            throw new InvalidDataException("A message between two processes is shorter than it says.");
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}

/// <summary>Names that come again and again are the same string.</summary>
internal sealed class NamePool
{
    private const int Most = 4096;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _known =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 256)
            return Encoding.UTF8.GetString(utf8);
        Span<char> text = stackalloc char[256];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        if (_known.TryGetValue(text, out var name))
            return name;
        name = new string(text);
        if (_known.Dictionary.Count < Most)
            _known.Dictionary[name] = name;
        return name;
    }
}

/// <summary>A stream of messages over a descriptor, received by one thread; sending is the caller's to serialise.</summary>
internal sealed unsafe class WireStream(Descriptor descriptor) : IDisposable
{
    /// <summary>Nobody sends more; what claims to is no message.</summary>
    private const int MostLength = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public Descriptor Descriptor { get; } = descriptor;

    /// <summary>Descriptors that came along, in order; whoever takes them closes them.</summary>
    public Queue<Descriptor> Received { get; } = new();

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
    public bool Receive() => Receive(0) > 0;

    /// <summary>Takes what is there: 0 where the other side is gone, -1 where there is nothing yet.</summary>
    public int ReceiveNow() => Receive(Libc.DontWait);

    private int Receive(int flags)
    {
        MakeRoom();
        const int MostDescriptors = 16;
        var ancillary = stackalloc byte[16 + (4 * MostDescriptors) + 8];
        fixed (byte* room = &_buffer[_end])
        {
            var piece = new Libc.Piece { Start = room, Length = (nuint)(_buffer.Length - _end) };
            var header = new Libc.MessageHeader
            {
                Pieces = &piece,
                PieceCount = 1,
                Ancillary = ancillary,
                AncillaryLength = 16 + (4 * MostDescriptors),
            };
            nint count;
            while ((count = Libc.ReceiveMessage(Descriptor, &header, flags | Libc.ReceivedCloseOnExec)) < 0)
            {
                var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (error == Libc.ErrorAgain)
                    return -1;
                if (error != Libc.ErrorInterrupted)
                    return 0;
            }

            if (header.AncillaryLength >= 20 && *(int*)(ancillary + 8) == 1 && *(int*)(ancillary + 12) == 1)
            {
                var descriptors = (int)((*(nuint*)ancillary - 16) / 4);
                for (var i = 0; i < descriptors; i++)
                    Received.Enqueue(new Descriptor(((int*)(ancillary + 16))[i]));
            }

            _end += (int)count;
            return (int)count;
        }
    }

    /// <summary>Sends all of it, waiting where the other side is behind.</summary>
    /// <returns><see langword="false"/>: the other side is gone.</returns>
    public bool Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors = default)
    {
        fixed (byte* start = bytes)
        {
            nint sent = 0;
            if (descriptors.Length > 0 && (sent = SendWith(start, bytes.Length, descriptors)) < 0)
                return false;
            while (sent < bytes.Length)
            {
                var count = Libc.Send(Descriptor, start + sent, bytes.Length - sent, Libc.NoSignal);
                if (count >= 0)
                    sent += count;
                else if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Ends the connection for both sides; whoever waits here for more hears that there is none.</summary>
    public void Shutdown() => _ = Libc.Shutdown(Descriptor, 2);

    public void Dispose()
    {
        while (Received.TryDequeue(out var unclaimed))
            unclaimed.Dispose();
        Descriptor.Dispose();
    }

    private nint SendWith(byte* start, int length, ReadOnlySpan<int> descriptors)
    {
        var size = 16 + (4 * descriptors.Length);
        var ancillary = stackalloc byte[size + 8];
        *(nuint*)ancillary = (nuint)size;
        *(int*)(ancillary + 8) = 1; // SOL_SOCKET
        *(int*)(ancillary + 12) = 1; // SCM_RIGHTS
        descriptors.CopyTo(new Span<int>(ancillary + 16, descriptors.Length));
        var piece = new Libc.Piece { Start = start, Length = (nuint)length };
        var header = new Libc.MessageHeader
        {
            Pieces = &piece,
            PieceCount = 1,
            Ancillary = ancillary,
            AncillaryLength = (nuint)(size + 7) & ~(nuint)7,
        };
        nint sent;
        while ((sent = Libc.SendMessage(Descriptor, &header, Libc.NoSignal)) < 0)
        {
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                return -1;
        }

        return sent;
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
