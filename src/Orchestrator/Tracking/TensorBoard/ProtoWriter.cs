using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Tracking.TensorBoard;

/// <summary>
/// Writes one protobuf message (https://protobuf.dev/programming-guides/encoding): what event files need of it. Buffers are kept, so
/// that a message costs no allocation once they have grown.
/// </summary>
internal sealed class ProtoWriter
{
    private const int Deepest = 10;
    private readonly ArrayBufferWriter<byte>[] _levels = [.. Enumerable.Range(0, Deepest).Select(_ => new ArrayBufferWriter<byte>(256))];
    private readonly int[] _fields = new int[Deepest];
    private int _depth;

    /// <summary>The message; complete when every nested one is closed.</summary>
    public ReadOnlySpan<byte> Written => _levels[0].WrittenSpan;

    public void Reset()
    {
        _depth = 0;
        _levels[0].ResetWrittenCount();
    }

    /// <summary>Begins a nested message.</summary>
    public void Begin(int field)
    {
        _fields[++_depth] = field;
        _levels[_depth].ResetWrittenCount();
    }

    /// <summary>Ends the innermost nested message.</summary>
    public void End()
    {
        var nested = _levels[_depth];
        Bytes(_fields[_depth--], nested.WrittenSpan);
    }

    public void Integer(int field, long value)
    {
        Tag(field, wireType: 0);
        Varint((ulong)value);
    }

    public void Double(int field, double value)
    {
        Tag(field, wireType: 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Current.GetSpan(8), value);
        Current.Advance(8);
    }

    /// <summary>A repeated float of one value, packed.</summary>
    public void PackedFloat(int field, float value)
    {
        Tag(field, wireType: 2);
        Varint(4);
        BinaryPrimitives.WriteSingleLittleEndian(Current.GetSpan(4), value);
        Current.Advance(4);
    }

    public void Text(int field, string text)
    {
        Tag(field, wireType: 2);
        Varint((ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, Current);
    }

    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        var to = _levels[_depth];
        Tag(field, wireType: 2);
        Varint((ulong)bytes.Length);
        to.Write(bytes);
    }

    private ArrayBufferWriter<byte> Current => _levels[_depth];

    private void Tag(int field, int wireType) => Varint((ulong)((field << 3) | wireType));

    private void Varint(ulong value)
    {
        var space = Current.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            space[length++] = (byte)(value | 0x80);
        space[length++] = (byte)value;
        Current.Advance(length);
    }
}
