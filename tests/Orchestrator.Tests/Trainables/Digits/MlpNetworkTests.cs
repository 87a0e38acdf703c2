using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

public class MlpNetworkTests
{
    private const int Inputs = 6;
    private const int Classes = 4;
    private const int Rows = 7;

    public static TheoryData<string, int[]> Networks
    {
        get
        {
            var data = new TheoryData<string, int[]>();
            foreach (var activation in Enum.GetNames<Activation>())
                foreach (var hidden in new int[][] { [], [5], [5, 9], [9, 5, 3] })
                    data.Add(activation, hidden);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Backward_AnyNetwork_AgreesWithFiniteDifferences(string name, int[] hidden)
    {
        var activation = Enum.Parse<Activation>(name);
        var examples = Examples();
        var network = Network(new MlpOptions { Hidden = hidden, Activation = activation }, new Random(3));
        foreach (ref var value in network.Parameters.Values)
            value += 0.01f;  // biases are drawn as 0; off the kink of relu
        var loss = network.Backward(Flat(examples), examples.Labels).LossSum / Rows;

        int[] widths = [Inputs, .. hidden, Classes];
        var parameters = network.Parameters.Values.ToArray().Select(v => (double)v).ToArray();
        Assert.Equal(ReferenceNetwork.MeanLoss(parameters, widths, activation, examples), loss, 1e-5);
        for (var i = 0; i < parameters.Length; i++)
        {
            const double Step = 1e-6;
            var value = parameters[i];
            parameters[i] = value + Step;
            var above = ReferenceNetwork.MeanLoss(parameters, widths, activation, examples);
            parameters[i] = value - Step;
            var below = ReferenceNetwork.MeanLoss(parameters, widths, activation, examples);
            parameters[i] = value;
            Assert.Equal((above - below) / (2 * Step), network.Parameters.Gradients[i], 2e-6);
        }
    }

    [Theory]
    [InlineData(nameof(Activation.Tanh))]
    [InlineData(nameof(Activation.Gelu))]
    public void Backward_WithDropout_AgreesWithFiniteDifferences(string name)
    {
        var examples = Examples();
        var random = new RewindableRandom();
        var options = new MlpOptions { Hidden = [8, 8], Activation = Enum.Parse<Activation>(name), Dropout = 0.4 };
        var network = Network(options, random);
        double Loss()
        {
            random.Rewind();  // the same units are dropped each time
            return network.Backward(Flat(examples), examples.Labels).LossSum / Rows;
        }

        Loss();
        var gradients = network.Parameters.Gradients.ToArray();
        for (var i = 0; i < gradients.Length; i++)
        {
            const float Step = 1e-2f;
            var value = network.Parameters.Values[i];
            network.Parameters.Values[i] = value + Step;
            var above = Loss();
            network.Parameters.Values[i] = value - Step;
            var below = Loss();
            network.Parameters.Values[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradients[i], 2e-4);
        }
    }

    [Fact]
    public void Forward_Training_DropsTheShareAndKeepsTheMean()
    {
        // One input of 1, tanh far in saturation (1) and output weights of 1 / units: the logit is the mean of the dropped units.
        const int Units = 4000;
        var options = new MlpOptions { Hidden = [Units], Activation = Activation.Tanh, Dropout = 0.25 };
        var network = new MlpNetwork(options, inputs: 1, classes: 2, capacity: 1, new Random(1));
        network.Parameters.Weights(0).Fill(50);
        network.Parameters.Weights(1).Fill(1f / Units);
        Assert.Equal(1, network.Forward([1f], rows: 1, training: false)[0], 1e-3);
        Assert.Equal(1, network.Forward([1f], rows: 1, training: true)[0], 0.05);
        network.Parameters.Weights(1).Fill(0.75f);
        var kept = network.Forward([1f], rows: 1, training: true)[0];
        Assert.InRange(kept / Units, 0.72, 0.78);
        Assert.Equal(Math.Round(kept), kept, 0.01);  // whole units only
    }

    [Theory]
    [InlineData(nameof(Activation.Relu), 0.3)]     // sqrt(6 / 64)
    [InlineData(nameof(Activation.Tanh), 0.25)]    // sqrt(6 / (64 + 32))
    public void Constructor_Weights_FillTheBoundOfTheirActivation(string name, double bound)
    {
        var options = new MlpOptions { Hidden = [32], Activation = Enum.Parse<Activation>(name) };
        var network = new MlpNetwork(options, inputs: 64, classes: 10, capacity: 1, new Random(1));
        Assert.InRange(network.Parameters.Weights(0).ToArray().Max(Math.Abs), 0.97 * bound, 1.021 * bound);
        Assert.InRange(network.Parameters.Weights(1).ToArray().Max(Math.Abs), 0.97 * Math.Sqrt(6.0 / 42), Math.Sqrt(6.0 / 42));
        Assert.Equal(0, network.Parameters.Biases(0).ToArray().Max(Math.Abs));
    }

    private static MlpNetwork Network(MlpOptions options, Random random) => new(options, Inputs, Classes, Rows + 2, random);

    private static ExampleSet Examples()
    {
        var random = new Random(5);
        var features = Enumerable.Range(0, Rows * Inputs).Select(i => i % 4 == 0 ? 0 : (float)((2 * random.NextDouble()) - 1)).ToArray();
        return new ExampleSet(features, [.. Enumerable.Range(0, Rows).Select(row => row % Classes)], Inputs, Classes);
    }

    private static float[] Flat(ExampleSet examples) =>
        [.. Enumerable.Range(0, examples.Count).SelectMany(row => examples.Row(row).ToArray())];

    private sealed class RewindableRandom : Random
    {
        private Random _inner = new(11);

        public void Rewind() => _inner = new Random(12);

        public override double NextDouble() => _inner.NextDouble();
    }
}
