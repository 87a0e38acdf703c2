using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

public class SoftmaxCrossEntropyTests
{
    [Fact]
    public void Evaluate_EqualLogits_IsTheLogOfTheClassCount()
    {
        var (loss, correct) = SoftmaxCrossEntropy.Evaluate(new float[20], [0, 3], gradient: []);
        Assert.Equal(2 * Math.Log(10), loss, 1e-6);
        Assert.Equal(1, correct);
    }

    [Fact]
    public void Evaluate_HugeLogits_DoNotOverflow()
    {
        var gradient = new float[2];
        Assert.Equal((2000.0, 0), SoftmaxCrossEntropy.Evaluate([1000f, -1000f], [1], gradient));
        Assert.Equal([1f, -1f], gradient);
    }

    [Fact]
    public void Evaluate_NotANumber_IsNeverCorrect()
    {
        var (loss, correct) = SoftmaxCrossEntropy.Evaluate([float.NaN, float.NaN], [0], gradient: []);
        Assert.Equal(double.NaN, loss);
        Assert.Equal(0, correct);
    }
}
