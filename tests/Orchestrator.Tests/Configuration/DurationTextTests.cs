using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class DurationTextTests
{
    [Theory]
    [InlineData("4h", 14400)]
    [InlineData("30m", 1800)]
    [InlineData("10s", 10)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h 30m", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5h", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("0s", 0)]
    public void Read_Text_GivesTheDuration(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("10")]
    [InlineData("h")]
    [InlineData("-1s")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("1 h")]
    [InlineData("1:30")]
    [InlineData("1e3s")]
    [InlineData("٣s")]
    public void Read_OtherText_IsNone(string text) => Assert.Null(DurationText.Read(text));

    [Fact]
    public void Read_Number_IsSeconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(90), DurationText.Read(90));
        Assert.Equal(TimeSpan.FromSeconds(0.5), DurationText.Read(0.5));
        Assert.Equal(TimeSpan.MaxValue, DurationText.Read(1e300));
        Assert.Equal(TimeSpan.MaxValue, DurationText.Read(new string('9', 70) + "d"));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "0.0001ms")]
    [InlineData(54_000_000_000, "1h30m")]
    [InlineData(864_000_000_000, "1d")]
    public void Write_Duration_ReadsBackToTheTick(long ticks, string text)
    {
        Assert.Equal(text, DurationText.Write(new TimeSpan(ticks)));
        Assert.Equal(new TimeSpan(ticks), DurationText.Read(text));
    }
}
