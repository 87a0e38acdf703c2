using Orchestrator.Cli.Failing;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Cli;

public sealed class CommonCauseTests
{
    [Fact]
    public void Of_LargeValuesFail_SaysFromWhere()
    {
        var cause = Cause([0.5, 0.6, 0.7, 0.8, 0.9, 0.95], [.. Enumerable.Range(0, 40).Select(i => (ParameterValue)(i / 100.0))]);
        Assert.Equal(">= 0.5", cause!.Condition);
        Assert.Equal("all 6 failing assignments have x >= 0.5; of the 40 that succeeded none has", cause.Sentence);
    }

    [Fact]
    public void Of_NearlyAllShareAValue_SaysHowMany()
    {
        ParameterValue[] failed = [.. Enumerable.Repeat((ParameterValue)"sgd", 19), "adam"];
        ParameterValue[] succeeded = [.. Enumerable.Repeat((ParameterValue)"adam", 38), "sgd", "sgd"];
        Assert.Equal("19 of 20 failing assignments have x = sgd; of the 40 that succeeded 2 have", Cause(failed, succeeded)!.Sentence);
    }

    [Fact]
    public void Of_SameValueInAll_SaysNothing() =>
        Assert.Null(Cause([.. Enumerable.Repeat((ParameterValue)5, 20)], [.. Enumerable.Repeat((ParameterValue)5, 50)]));

    [Theory]
    [InlineData(2, 50)]
    [InlineData(10, 4)]
    public void Of_TooFewRuns_SaysNothing(int failed, int succeeded) =>
        Assert.Null(Cause([.. Enumerable.Repeat((ParameterValue)"a", failed)], [.. Enumerable.Repeat((ParameterValue)"b", succeeded)]));

    [Fact]
    public void Of_FailuresByChance_HardlyEverSaysAnything()
    {
        var told = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new SeededRandom(seed, 1);
            ParameterValue Draw() => random.NextDouble();
            if (Cause([.. Enumerable.Range(0, 4).Select(_ => Draw())], [.. Enumerable.Range(0, 40).Select(_ => Draw())]) is not null)
                told++;
        }

        Assert.InRange(told, 0, 15); // promised: less than one in a hundred
    }

    private static CommonCause? Cause(ParameterValue[] failed, ParameterValue[] succeeded)
    {
        var evidence = new ParameterEvidence();
        foreach (var value in failed)
            evidence.AddFailed(value);
        evidence.CloseFailed();
        foreach (var value in succeeded)
            evidence.AddSucceeded(value);
        return CommonCause.Of("x", evidence, failed.Length, succeeded.Length, parameters: 1);
    }
}
