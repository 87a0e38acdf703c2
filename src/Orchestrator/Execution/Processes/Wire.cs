using System.Buffers.Binary;
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

/// <summary>A stream of messages over a descriptor of a socket.</summary>
/// <param name="descriptor">The socket's.</param>
/// <param name="takesDescriptors">Whether descriptors come along with messages.</param>
internal sealed unsafe class WireStream(Descriptor descriptor, bool takesDescriptors = false) : MessageStream
{
    public override IWaitSource Source => descriptor;

    /// <summary>Descriptors that came along, in order; whoever takes them closes them.</summary>
    public Queue<Descriptor> Received { get; } = new();

    /// <inheritdoc/>
    public override bool Send(ReadOnlySpan<byte> bytes) => Send(bytes, []);

    /// <summary>Sends all of it, with descriptors, waiting where the other side is behind.</summary>
    /// <returns><see langword="false"/>: the other side is gone.</returns>
    public bool Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        fixed (byte* start = bytes)
        {
            nint sent = 0;
            if (descriptors.Length > 0 && (sent = SendWith(start, bytes.Length, descriptors)) < 0)
                return false;
            while (sent < bytes.Length)
            {
                var count = Libc.Send(descriptor, start + sent, bytes.Length - sent, Libc.NoSignal);
                if (count >= 0)
                    sent += count;
                else if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Ends the connection for both sides; whoever waits here for more hears that there is none.</summary>
    public void Shutdown() => _ = Libc.Shutdown(descriptor, 2);

    public override void Dispose()
    {
        while (Received.TryDequeue(out var unclaimed))
            unclaimed.Dispose();
        descriptor.Dispose();
    }

    protected override int Receive(Span<byte> room, bool wait)
    {
        if (takesDescriptors)
            return ReceiveWithDescriptors(room, wait);
        fixed (byte* start = room)
        {
            nint count;
            while ((count = Libc.Receive(descriptor, start, room.Length, wait ? 0 : Libc.DontWait)) < 0)
            {
                if (Failed() is { } result)
                    return result;
            }

            return (int)count;
        }
    }

    private int ReceiveWithDescriptors(Span<byte> room, bool wait)
    {
        const int MostDescriptors = 16;
        var ancillary = stackalloc byte[16 + (4 * MostDescriptors) + 8];
        fixed (byte* start = room)
        {
            var piece = new Libc.Piece { Start = start, Length = (nuint)room.Length };
            var header = new Libc.MessageHeader
            {
                Pieces = &piece,
                PieceCount = 1,
                Ancillary = ancillary,
                AncillaryLength = 16 + (4 * MostDescriptors),
            };
            nint count;
            while ((count = Libc.ReceiveMessage(descriptor, &header, (wait ? 0 : Libc.DontWait) | Libc.ReceivedCloseOnExec)) < 0)
            {
                if (Failed() is { } result)
                    return result;
            }

            if (header.AncillaryLength >= 20 && *(int*)(ancillary + 8) == 1 && *(int*)(ancillary + 12) == 1)
            {
                var descriptors = (int)((*(nuint*)ancillary - 16) / 4);
                for (var i = 0; i < descriptors; i++)
                    Received.Enqueue(new Descriptor(((int*)(ancillary + 16))[i]));
            }

            return (int)count;
        }
    }

    /// <summary>What receiving comes to after an error; <see langword="null"/>: it begins anew.</summary>
    private static int? Failed() => System.Runtime.InteropServices.Marshal.GetLastPInvokeError() switch
    {
        Libc.ErrorAgain => -1,
        Libc.ErrorInterrupted => null,
        _ => 0,
    };

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
        while ((sent = Libc.SendMessage(descriptor, &header, Libc.NoSignal)) < 0)
        {
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                return -1;
        }

        return sent;
    }
}
