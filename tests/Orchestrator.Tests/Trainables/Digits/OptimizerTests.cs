using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

public class OptimizerTests
{
    private const double Rate = 0.1;

    [Theory]
    [InlineData(nameof(OptimizerKind.Sgd), 0)]
    [InlineData(nameof(OptimizerKind.Sgd), 0.5)]
    [InlineData(nameof(OptimizerKind.Momentum), 0)]
    [InlineData(nameof(OptimizerKind.Momentum), 0.5)]
    [InlineData(nameof(OptimizerKind.Adam), 0)]
    [InlineData(nameof(OptimizerKind.Adam), 0.5)]
    public void Step_ThreeTimes_FollowsThePublishedFormulas(string name, double weightDecay)
    {
        var kind = Enum.Parse<OptimizerKind>(name);
        var parameters = new MlpParameters([2, 3, 2]);
        var random = new Random(1);
        foreach (ref var value in parameters.Values)
            value = (float)random.NextDouble();
        var options = new MlpOptions { Optimizer = kind, LearningRate = Rate, Momentum = 0.8, WeightDecay = weightDecay };
        var optimizer = Optimizer.Create(options, parameters);
        var expected = parameters.Values.ToArray().Select(v => (double)v).ToArray();
        var first = new double[expected.Length];
        var second = new double[expected.Length];
        for (var step = 1; step <= 3; step++)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                var gradient = (float)(random.NextDouble() - 0.5);
                parameters.Gradients[i] = gradient;
                var isBias = i is (>= 6 and < 9) or >= 15;
                expected[i] *= isBias ? 1 : 1 - (Rate * weightDecay);
                expected[i] -= Rate * Direction(kind, gradient, ref first[i], ref second[i], step);
            }

            optimizer.Step();
            Assert.Equal(step, optimizer.StepCount);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], parameters.Values[i], 2e-6);
        }
    }

    private static double Direction(OptimizerKind kind, double gradient, ref double first, ref double second, int step)
    {
        switch (kind)
        {
            case OptimizerKind.Sgd:
                return gradient;
            case OptimizerKind.Momentum:
                return first = (0.8 * first) + gradient;
            default:
                first = (0.9 * first) + (0.1 * gradient);
                second = (0.999 * second) + (0.001 * gradient * gradient);
                return first / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(second / (1 - Math.Pow(0.999, step))) + 1e-8);
        }
    }
}
