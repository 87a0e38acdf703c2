using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Orchestrator.Tracking.TensorBoard;

/// <summary>
/// TensorFlow's record format: length (8 bytes, little-endian), the masked CRC of the length, the data, the masked CRC of the data. The CRC
/// is Castagnoli's (CRC32C, RFC 3720), rotated and offset so that the CRC of data that holds CRCs is still worth something.
/// </summary>
internal static class TfRecord
{
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> data)
    {
        var head = to.GetSpan(12);
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Masked(head[..8]));
        to.Advance(12);
        to.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(to.GetSpan(4), Masked(data));
        to.Advance(4);
    }

    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Crc32C(data), 15) + 0xa282ead8;

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
