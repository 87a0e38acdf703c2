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

    [Fact]
    public void Choice_ValuesInAnyForm_AreTheSame()
    {
        ParameterValue[] array = [1, 2];
        List<ParameterValue> list = [1, 2];

        Assert.All([Parameter.Choice(1, 2), Parameter.Choice([1, 2]), Parameter.Choice(array), Parameter.Choice(list)], c => Assert.Equal(array, c.Values));
        Assert.Equal([1, 2], Parameter.Weighted((1, 1), (2, 2)).Weights);
        Assert.Equal(array, Parameter.Int(0, 1).When("a", 1, 2).Condition["a"]);
    }

    [Theory]
    [InlineData(nameof(Parameter.Choice))]
    [InlineData(nameof(Parameter.Weighted))]
    [InlineData(nameof(Parameter.When))]
    public void Factory_OfAList_TakesAParameterArrayAsFSharpWants(string name) => Assert.Contains(
        typeof(Parameter).GetMethods().Where(m => m.Name == name), m => m.GetParameters()[^1].IsDefined(typeof(ParamArrayAttribute), inherit: false));

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
