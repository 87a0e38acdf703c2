using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("8GiB", 8L << 30)]
    [InlineData("500MiB", 500L << 20)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData(" 64kib ", 64L << 10)]
    [InlineData("10tb", 10_000_000_000_000)]
    [InlineData("17B", 17)]
    [InlineData("0GiB", 0)]
    [InlineData("99999999999999TiB", long.MaxValue)]
    [InlineData("99999999999999999999999999999999999TiB", long.MaxValue)]
    public void Parse_Size_GivesBytes(string text, long bytes) => Assert.Equal(bytes, SizeText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("8G")]
    [InlineData("8Gi")]
    [InlineData("GiB")]
    [InlineData("-1GiB")]
    [InlineData("1e3MB")]
    [InlineData("8GiB and more")]
    [InlineData("8iB")]
    public void Parse_AnythingElse_IsNone(string text) => Assert.Null(SizeText.Parse(text));

    [Theory]
    [InlineData(8L << 30, "8GiB")]
    [InlineData(1536L << 20, "1536MiB")]
    [InlineData(2_000_000_000, "2GB")]
    [InlineData(1_234_567, "1234567B")]
    [InlineData(0, "0B")]
    public void Write_ReadsBackAsTheSame(long bytes, string text)
    {
        Assert.Equal(text, SizeText.Write(bytes));
        Assert.Equal(bytes, SizeText.Parse(text));
    }
}
