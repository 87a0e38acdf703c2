using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

/// <summary>The forward pass once more, as textbooks write it, in double precision: what the fast one is compared with.</summary>
internal static class ReferenceNetwork
{
    public static double MeanLoss(double[] parameters, int[] widths, Activation activation, ExampleSet examples)
    {
        var sum = 0.0;
        for (var row = 0; row < examples.Count; row++)
            sum += Loss(parameters, widths, activation, [.. examples.Row(row).ToArray().Select(x => (double)x)], examples.Labels[row]);
        return sum / examples.Count;
    }

    private static double Loss(double[] parameters, int[] widths, Activation activation, double[] x, int label)
    {
        var offset = 0;
        for (var layer = 1; layer < widths.Length; layer++)
        {
            var (inputs, outputs) = (widths[layer - 1], widths[layer]);
            var y = new double[outputs];
            for (var o = 0; o < outputs; o++)
            {
                y[o] = parameters[offset + (inputs * outputs) + o];
                for (var i = 0; i < inputs; i++)
                    y[o] += x[i] * parameters[offset + (i * outputs) + o];
            }

            offset += (inputs + 1) * outputs;
            x = layer < widths.Length - 1 ? [.. y.Select(v => Apply(activation, v))] : y;
        }

        return Math.Log(x.Sum(Math.Exp)) - x[label];
    }

    private static double Apply(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(0, x),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
    };
}
