namespace Orchestrator.Tests.SearchSpaces;

/// <summary>What C# converts on its way into a parameter, and out of one, is never changed without a word.</summary>
public sealed class ParameterConversionsTests
{
    [Fact]
    public void Parameter_FromALong_KeepsEveryDigit()
    {
        Parameter beyondDoubles = 9007199254740993L;
        Parameter beyondInts = 5_000_000_000L;
        Parameter unsigned = 9007199254740993UL;

        Assert.Equal([9007199254740993L, 5_000_000_000L, 9007199254740993L], new[] { beyondDoubles, beyondInts, unsigned }.Select(p => ((Constant)p).Value.AsInt64()));
        Assert.All([beyondDoubles, beyondInts, unsigned], p => Assert.Equal(ParameterKind.Integer, ((Constant)p).Value.Kind));
    }

    [Fact]
    public void Parameter_FromAnUnsignedNumberBeyondLongs_IsRefused() =>
        Assert.Contains("18446744073709551615", Assert.Throws<OverflowException>(() => (Parameter)ulong.MaxValue).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameter_FromACharacter_IsText() => Assert.Equal("a", ((Constant)(Parameter)'a').Value.AsText());

    [Theory]
    [InlineData(9007199254740992L, true)]
    [InlineData(9007199254740993L, false)]
    [InlineData(long.MaxValue, false)]
    [InlineData(long.MinValue, true)]
    public void As_DoubleOfAnInteger_IsExactOrRefused(long value, bool isExact)
    {
        ParameterValue parameter = value;

        if (isExact)
            Assert.Equal(value, parameter.As<double>());
        else
            Assert.Contains("read it as a long", Assert.Throws<InvalidCastException>(() => parameter.As<double>()).Message, StringComparison.Ordinal);
        Assert.Equal(value, parameter.As<decimal>());
    }

    [Fact]
    public void When_CalledTwice_BothConditionsHold()
    {
        var parameter = Parameter.Float(0.1, 0.9).When("optimizer", "sgd").When("layers", 2, 3);

        Assert.Equal(["optimizer", "layers"], parameter.Condition.Keys);
        Assert.Equal<ParameterValue>([2, 3], parameter.Condition["layers"]);
    }
}
