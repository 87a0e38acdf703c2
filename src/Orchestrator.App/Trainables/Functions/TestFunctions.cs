namespace Orchestrator.App.Trainables.Functions;

/// <summary>
/// Functions on which optimizers are compared, all to be minimized. Definitions as in Surjanovic and Bingham, Virtual Library of
/// Simulation Experiments.
/// </summary>
internal static class TestFunctions
{
    /// <summary>What there is: a name, how many coordinates it takes (at least, at most), and the function.</summary>
    public static IReadOnlyList<(string Name, int Least, int Most, Func<double[], double> Value)> All { get; } =
    [
        ("sphere", 1, int.MaxValue, Sphere),
        ("branin", 2, 2, Branin),
        ("hartmann6", 6, 6, Hartmann6),
        ("ackley", 1, int.MaxValue, Ackley),
        ("rosenbrock", 2, int.MaxValue, Rosenbrock),
        ("rastrigin", 1, int.MaxValue, Rastrigin),
    ];

    private static readonly double[] HartmannWeights = [1.0, 1.2, 3.0, 3.2];

    private static readonly double[][] HartmannScales =
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] HartmannCenters =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    /// <summary>Minimum 0 at the origin.</summary>
    private static double Sphere(double[] x) => x.Sum(v => v * v);

    /// <summary>On [-5, 10] x [0, 15]; minimum 0.397887 at three points.</summary>
    private static double Branin(double[] x)
    {
        var a = x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6;
        return (a * a) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10;
    }

    /// <summary>On [0, 1]^6; minimum -3.32237.</summary>
    private static double Hartmann6(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            var inner = 0.0;
            for (var j = 0; j < 6; j++)
                inner += HartmannScales[i][j] * Math.Pow(x[j] - HartmannCenters[i][j], 2);
            sum -= HartmannWeights[i] * Math.Exp(-inner);
        }

        return sum;
    }

    /// <summary>On [-32.768, 32.768]^d; minimum 0 at the origin.</summary>
    private static double Ackley(double[] x)
    {
        var squares = x.Sum(v => v * v) / x.Length;
        var waves = x.Sum(v => Math.Cos(2 * Math.PI * v)) / x.Length;
        return -20 * Math.Exp(-0.2 * Math.Sqrt(squares)) - Math.Exp(waves) + 20 + Math.E;
    }

    /// <summary>Minimum 0 at (1, ..., 1).</summary>
    private static double Rosenbrock(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < x.Length; i++)
            sum += (100 * Math.Pow(x[i + 1] - (x[i] * x[i]), 2)) + Math.Pow(1 - x[i], 2);
        return sum;
    }

    /// <summary>On [-5.12, 5.12]^d; minimum 0 at the origin.</summary>
    private static double Rastrigin(double[] x) => (10 * x.Length) + x.Sum(v => (v * v) - (10 * Math.Cos(2 * Math.PI * v)));
}
