using System.Buffers;
using System.Text;
using Orchestrator.Tracking.TensorBoard;

namespace Orchestrator.Tests.Tracking.TensorBoard;

public sealed class TfRecordTests
{
    /// <summary>RFC 3720, B.4.</summary>
    public static TheoryData<byte[], uint> Examples => new()
    {
        { new byte[32], 0x8a9136aa },
        { [.. Enumerable.Repeat((byte)0xff, 32)], 0x62a8ab43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46dd794e },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113fdb5c },
        {
            Convert.FromHexString("01C00000000000000000000000000000140000000000040000000014000000182800000000000000" + "0200000000000000"), 0xd9963a56
        },
        { Encoding.ASCII.GetBytes("123456789"), 0xe3069283 }, // the check value that catalogues of CRCs give
        { [], 0 },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Crc32C_PublishedExamples_AreMet(byte[] data, uint crc)
    {
        Assert.Equal(crc, TfRecord.Crc32C(data));
        Assert.Equal(crc, EventFile.Crc32C(data));
    }

    [Fact]
    public void Crc32C_EveryLength_IsTheOneOfTheBitwiseComputation()
    {
        var random = new Random(7);
        for (var length = 0; length < 100; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(EventFile.Crc32C(data), TfRecord.Crc32C(data));
        }
    }

    [Fact]
    public void Masked_OfAnEventThatTensorFlowWrote_IsTensorFlows() =>
        Assert.Equal(0x5794d08au, TfRecord.Masked(Encoding.ASCII.GetBytes("\u001a\u0011CRC test, one two")));

    [Fact]
    public void Write_TheFirstEventOfATensorFlowFile_GivesThatFilesBytes()
    {
        byte[] data = [.. Convert.FromHexString("090000803899D6D7411A0D"), .. "brain.Event:2"u8];
        var written = new ArrayBufferWriter<byte>();
        TfRecord.Write(written, data);
        Assert.Equal("1800000000000000" + "A37F4B22" + Convert.ToHexString(data) + "124B36AB", Convert.ToHexString(written.WrittenSpan));
    }
}
