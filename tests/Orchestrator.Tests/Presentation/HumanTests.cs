using Orchestrator.Presentation;

namespace Orchestrator.Tests.Presentation;

public sealed class HumanTests
{
    [Theory]
    [InlineData(0, "-")]
    [InlineData(0.0005, "<1 ms")]
    [InlineData(5, "5.0 s")]
    public void Elapsed_OfASweep_IsADashWhereNothingWasRecorded(double seconds, string expected) =>
        Assert.Equal(expected, Human.Elapsed(Storage.StoreBuilders.Sweep() with { ElapsedSeconds = seconds }));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.97216, "0.97216")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.33333")]
    [InlineData(0.00123456789, "0.0012346")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(1.23456789e-9, "1.2346e-9")]
    [InlineData(1234.5678, "1234.6")]
    [InlineData(123456.78, "123457")]
    [InlineData(12345678, "1.2346e7")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Number_HasFiveDigits(double value, string expected) => Assert.Equal(expected, Human.Number(value));

    [Theory]
    [InlineData(0, "<1 ms")]
    [InlineData(0.0312, "31 ms")]
    [InlineData(0.31, "0.3 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(187, "3:07")]
    [InlineData(7387, "2:03:07")]
    [InlineData(266580, "3 d 02:03")]
    public void Duration_IsShort(double seconds, string expected) => Assert.Equal(expected, Human.Duration(seconds));

    [Fact]
    public void Line_OfUserText_CannotMoveTheCursor() => Assert.Equal("a [31mb", Human.Line("a\e[31mb\nsecond"));
}
