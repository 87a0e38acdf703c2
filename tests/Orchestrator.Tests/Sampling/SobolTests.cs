using Orchestrator.Numerics;
using Orchestrator.Sampling;
using Orchestrator.Sampling.Sobol;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.Sampling;

public class SobolTests
{
    [Fact]
    public void Sequence_Unscrambled_StartsAsPublished()
    {
        // Dimensions 1 to 3: the sample output beside Joe and Kuo's table. 4 and 5: by hand from their direction numbers.
        double[][] published =
        [
            [0, 0, 0, 0, 0],
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375],
            [0.875, 0.875, 0.125, 0.375, 0.875],
            [0.625, 0.125, 0.875, 0.625, 0.625],
            [0.125, 0.625, 0.375, 0.125, 0.125],
        ];
        var sequence = new SobolSequence(5, null);
        for (var i = 0; i < published.Length; i++)
            Assert.Equal(published[i], Enumerable.Range(0, 5).Select(d => sequence[i, d]));
        Assert.Equal([0.1875, 0.3125, 0.9375], Enumerable.Range(0, 3).Select(d => sequence[8, d]));
        Assert.Equal([0.6875, 0.8125, 0.4375], Enumerable.Range(0, 3).Select(d => sequence[9, d]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sequence_EveryBlockOfAPowerOfTwo_IsBalancedInEveryDimension(bool scramble)
    {
        var sequence = new SobolSequence(64, scramble ? new SeededRandom(3) : null);
        foreach (var size in new[] { 2, 16, 256 })
        {
            for (var dimension = 0; dimension < 64; dimension++)
            {
                for (var block = 0; block < 3; block++)
                {
                    var cells = Enumerable.Range(block * size, size).Select(i => (int)(sequence[i, dimension] * size)).ToHashSet();
                    Assert.Equal(size, cells.Count);
                }
            }
        }
    }

    [Fact]
    public void Sequence_Scrambled_HasFarLowerDiscrepancyThanRandom()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new SeededRandom(seed);
            var sequence = new SobolSequence(5, new SeededRandom(seed));
            var quasi = Discrepancy([.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 5).Select(d => sequence[i, d]).ToArray())]);
            var independent = Discrepancy([.. Enumerable.Range(0, 256).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble()).ToArray())]);
            Assert.True(quasi < 0.7 * independent, $"{quasi} against {independent}");
        }
    }

    [Fact]
    public void DirectionNumbers_All_ComeWithPrimitivePolynomialsAndOddNumbers()
    {
        HashSet<(int, int)> seen = [];
        for (var dimension = 1; dimension < DirectionNumbers.MaxDimension; dimension++)
        {
            var (degree, a, initial) = DirectionNumbers.Of(dimension);
            Assert.Equal(degree, initial.Length);
            for (var i = 0; i < degree; i++)
                Assert.True(initial.Span[i] % 2 == 1 && initial.Span[i] < 1 << (i + 1));

            // Primitive: the powers of x run through all residues before they come back to 1.
            var polynomial = (1 << degree) | (a << 1) | 1;
            var (power, order) = (1, 0);
            do
            {
                power <<= 1;
                if (power >> degree != 0)
                    power ^= polynomial;
                order++;
            }
            while (power != 1 && order < 1 << degree);
            Assert.Equal((1 << degree) - 1, order);
            Assert.True(seen.Add((degree, a)));
        }
    }

    [Fact]
    public void TryCreate_MoreThan64Dimensions_IsAProblemAndConstantsDoNotCount()
    {
        var parameters = new ParameterCollection { ["c"] = 1 };
        for (var i = 0; i < 64; i++)
            parameters.Add($"x{i}", Parameter.Float(0, 1));
        Assert.NotNull(Samplers.TryCreate("sobol", SearchSpace.Create(new() { Parameters = parameters }), [], 0, out _));
        parameters.Add("last", Parameter.Float(0, 1));
        Assert.Null(Samplers.TryCreate("sobol", SearchSpace.Create(new() { Parameters = parameters }), [], 0, out var problems));
        Assert.Equal("SWP174", Assert.Single(problems).Code);
    }

    [Fact]
    public void Ask_ScrambleFalse_GivesThePublishedSequenceWhateverTheSeed()
    {
        var space = SearchSpace.Create(new() { Parameters = { ["x"] = Parameter.Float(0, 8), ["y"] = Parameter.Choice("a", "b", "c", "d") } });
        var method = new SamplingMethod("sobol") { Options = new Dictionary<string, ParameterValue> { ["scramble"] = false } };
        var sampler = Samplers.Create(method, space, 77);
        Assert.Equal(["x=0 y=a", "x=4 y=c", "x=6 y=b", "x=2 y=d"], Enumerable.Range(0, 4).Select(i => sampler.Ask(AskContext.Create(77, i))!.ToString()));
    }

    /// <summary>Warnock's formula for the L2 star discrepancy.</summary>
    private static double Discrepancy(double[][] points)
    {
        var (n, dimensions) = ((double)points.Length, points[0].Length);
        var single = points.Sum(p => p.Aggregate(1.0, (product, x) => product * (1 - (x * x)) / 2));
        var pairs = points.Sum(p => points.Sum(q => p.Zip(q).Aggregate(1.0, (product, x) => product * (1 - Math.Max(x.First, x.Second)))));
        return Math.Sqrt(Math.Pow(1 / 3.0, dimensions) - (2 * single / n) + (pairs / (n * n)));
    }
}
