namespace Orchestrator.Tests.SearchSpaces;

/// <summary>A number that a double cannot hold is never changed silently.</summary>
public sealed class ExactNumberTests
{
    private const long Odd = 9_007_199_254_740_993; // 2^53 + 1

    [Fact]
    public void Equals_IntegerAndTheDoubleNearIt_AreNotEqual()
    {
        Assert.NotEqual((ParameterValue)Odd, (ParameterValue)(double)Odd);
        Assert.Equal((ParameterValue)(Odd - 1), (ParameterValue)(double)Odd);
    }

    [Fact]
    public void FromJson_IntegerBeyond64Bits_KeepsItsDigits() =>
        Assert.Equal("18446744073709551615", ParameterValue.FromJson(System.Text.Json.JsonDocument.Parse("18446744073709551615").RootElement).AsText());
}
