using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Tests.Tracking.TensorBoard;

/// <summary>Reads event files by the formats' own words, sharing nothing with the writer: records with both checksums, then protobuf.</summary>
internal static class EventFile
{
    public static Message[] Read(string path) => [.. Records(File.ReadAllBytes(path)).Select(data => new Message(data))];

    /// <summary>The scalars, in order.</summary>
    public static (string Tag, long Step, double Wall, float Value)[] Scalars(IEnumerable<Message> events)
    {
        var plugins = new Dictionary<string, string>();
        var found = new List<(string, long, double, float)>();
        foreach (var e in events)
        {
            foreach (var value in e.Messages(5).SelectMany(summary => summary.Messages(1)))
            {
                var tag = value.Text(1);
                foreach (var plugin in value.Messages(9).SelectMany(metadata => metadata.Messages(1)))
                    plugins.TryAdd(tag, plugin.Text(1)); // as TensorBoard: the first one of a tag counts
                if (plugins[tag] != "scalars")
                    continue;
                var tensor = Assert.Single(value.Messages(8));
                Assert.Equal(1, tensor.Integer(1)); // DT_FLOAT
                Assert.Empty(tensor.Bytes(2)); // a shape without dimensions
                found.Add((tag, e.Integer(2), e.Double(1), BinaryPrimitives.ReadSingleLittleEndian(tensor.Bytes(5))));
            }
        }

        return [.. found];
    }

    /// <summary>The first text of each tag.</summary>
    public static Dictionary<string, string> Texts(IEnumerable<Message> events) => events
        .SelectMany(e => e.Messages(5)).SelectMany(summary => summary.Messages(1))
        .Where(value => value.Messages(9).Any(metadata => metadata.Messages(1).Single().Text(1) == "text"))
        .ToDictionary(value => value.Text(1), value =>
        {
            Assert.Equal(7, value.Messages(8).Single().Integer(1)); // DT_STRING
            return value.Messages(8).Single().Text(8);
        });

    /// <summary>What the plugin of hyperparameters keeps under a tag.</summary>
    public static Message? Session(IEnumerable<Message> events, string tag, int field) => events
        .SelectMany(e => e.Messages(5)).SelectMany(summary => summary.Messages(1)).Where(value => value.Text(1) == tag)
        .SelectMany(value => value.Messages(9)).SelectMany(metadata => metadata.Messages(1)).Where(plugin => plugin.Text(1) == "hparams")
        .SelectMany(plugin => plugin.Messages(2)).SelectMany(content => content.Messages(field)).SingleOrDefault();

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file[at..(at + 8)]), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return data;
        }
    }

    public static uint Masked(byte[] data)
    {
        var crc = Crc32C(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    /// <summary>Bit by bit, from the polynomial (RFC 3720, 12.1).</summary>
    public static uint Crc32C(byte[] data)
    {
        var crc = ~0u;
        foreach (var next in data)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0x82F63B78u : 0);
        }

        return ~crc;
    }
}

/// <summary>A protobuf message as its fields stand in it.</summary>
internal sealed class Message
{
    private readonly List<(int Field, int WireType, byte[] Bytes)> _fields = [];

    public Message(byte[] data)
    {
        for (var at = 0; at < data.Length;)
        {
            var key = Varint(data, ref at);
            var (field, wireType) = ((int)(key >> 3), (int)(key & 7));
            var start = at;
            switch (wireType)
            {
                case 0:
                    Varint(data, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(data, ref at);
                    start = at;
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    Assert.Fail($"wire type {wireType}");
                    break;
            }

            _fields.Add((field, wireType, data[start..at]));
        }
    }

    public long Integer(int field)
    {
        var at = 0;
        return Find(field, 0) is { } bytes ? (long)Varint(bytes, ref at) : 0;
    }

    public double Double(int field) => Find(field, 1) is { } bytes ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : 0;

    public byte[] Bytes(int field) => Find(field, 2) ?? [];

    public string Text(int field) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes(field));

    public IEnumerable<Message> Messages(int field) => _fields.Where(f => f.Field == field && f.WireType == 2).Select(f => new Message(f.Bytes));

    public bool Has(int field) => _fields.Any(f => f.Field == field);

    private byte[]? Find(int field, int wireType) => _fields.LastOrDefault(f => f.Field == field && f.WireType == wireType).Bytes;

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
