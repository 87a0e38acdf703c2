using MathNet.Numerics.Distributions;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.Sampling;

public class RandomSamplerTests
{
    private const int Draws = 40_000;

    private static SearchSpace Conditional => SearchSpace.Create(new SearchSpaceDefinition
    {
        Parameters =
        {
            ["optimizer"] = Parameter.Weighted(("adam", 3), ("sgd", 1), ("never", 0)),
            ["momentum"] = Parameter.Choice(0.5, 0.9) with { Condition = When("optimizer", "sgd") },
            ["x"] = Parameter.Int(1, 4),
            ["y"] = Parameter.Int(1, 4, log: true),
            ["a"] = Parameter.Choice(1, 2, 3),
            ["b"] = Parameter.Weighted((10, 1), (10, 2), (20, 3)),
        },
        Zip = [["a", "b"]],
        Exclude = [new Dictionary<string, ParameterValue> { ["momentum"] = 0.9, ["x"] = 4 }],
        Constraints = ["x + y <= 6", "a == 3 => x > 1"],
    });

    [Fact]
    public void Ask_ConditionsAndConstraints_FollowTheExactLaw() => Assert.True(ChiSquareTail(Law(_ => true), Draw()) > 0.001);

    [Fact]
    public void Ask_AgainstAWrongLaw_IsRejected()
    {
        var drawn = Draw();

        // Without the constraints' effect on the other parameters; with equal weights; with a uniform y.
        Assert.True(ChiSquareTail(Law(_ => true, weightOfAdam: 2), drawn) < 1e-6);
        Assert.True(ChiSquareTail(Law(_ => true, uniform: true), drawn) < 1e-6);
        Assert.True(ChiSquareTail(Law(p => p.Get<int>("x") != 2), drawn) < 1e-6);
    }

    [Fact]
    public void Ask_ContinuousRanges_AreUniformInTheirScale()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = { ["u"] = Parameter.Float(-2, 6), ["l"] = Parameter.Float(1e-4, 1, log: true), ["n"] = Parameter.Normal(3, 2) },
        });
        var sampler = Samplers.Create("random", space);
        var points = Enumerable.Range(0, 20_000).Select(i => sampler.Ask(AskContext.Create(3, i))!).ToList();
        Assert.True(Kolmogorov(points.Select(p => (p.Get<double>("u") + 2) / 8)) < 1.95);
        Assert.True(Kolmogorov(points.Select(p => (Math.Log10(p.Get<double>("l")) + 4) / 4)) < 1.95);
        Assert.True(Kolmogorov(points.Select(p => Normal.CDF(3, 2, p.Get<double>("n")))) < 1.95);
        Assert.True(Kolmogorov(points.Select(p => p.Get<double>("l"))) > 10);
    }

    [Fact]
    public void Ask_ConstraintsLeaveNothing_SaysSoInsteadOfSearchingForEver()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = { ["x"] = Parameter.Float(0, 1) },
            Constraints = ["x > 1"],
        });
        foreach (var method in new[] { "random", "sobol" })
        {
            var thrown = Assert.Throws<SamplingException>(() => Samplers.Create(method, space).Ask(AskContext.Create(0, 0)));
            Assert.Contains("next to nothing", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ask_Canceled_Stops()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition { Parameters = { ["x"] = Parameter.Float(0, 1) }, Constraints = ["x > 2"] });
        var canceled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Samplers.Create("random", space).Ask(AskContext.Create(0, 0, canceled)));
        Assert.Throws<OperationCanceledException>(() => Samplers.Create("sobol", space).Ask(AskContext.Create(0, 0, canceled)));
    }

    private static Dictionary<string, int> Draw()
    {
        var sampler = Samplers.Create("random", Conditional);
        return Enumerable.Range(0, Draws).Select(i => sampler.Ask(AskContext.Create(11, i))!.ToString())
            .GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
    }

    /// <summary>The law by its definition: the product of the parameters' laws on the valid points, scaled to 1.</summary>
    private static Dictionary<string, double> Law(Func<ParameterSet, bool> only, double weightOfAdam = 3, bool uniform = false)
    {
        double LogShare(int y) => uniform ? 0.25 : Math.Log((y + 0.5) / (y - 0.5)) / Math.Log(4.5 / 0.5);
        Dictionary<string, double> law = [];
        foreach (var (optimizer, momentum, share) in new (string, double?, double)[] { ("adam", null, weightOfAdam), ("sgd", 0.5, 0.5), ("sgd", 0.9, 0.5) })
        {
            for (var x = 1; x <= 4; x++)
            {
                for (var y = 1; y <= 4; y++)
                {
                    foreach (var (a, b, weight) in new[] { (1, 10, 1), (2, 10, 2), (3, 20, 3) })
                    {
                        if (x + y > 6 || (a == 3 && x == 1) || (momentum == 0.9 && x == 4))
                            continue;
                        List<KeyValuePair<string, ParameterValue>> entries = [new("optimizer", optimizer)];
                        if (momentum is { } m)
                            entries.Add(new("momentum", m));
                        entries.AddRange([new("x", x), new("y", y), new("a", a), new("b", b)]);
                        var set = new ParameterSet(entries);
                        if (only(set))
                            law[set.ToString()] = share * LogShare(y) * weight;
                    }
                }
            }
        }

        var total = law.Values.Sum();
        return law.ToDictionary(l => l.Key, l => l.Value / total);
    }

    /// <summary>The probability of a deviation at least as large, if the law were the true one (Pearson's test).</summary>
    private static double ChiSquareTail(Dictionary<string, double> law, Dictionary<string, int> drawn)
    {
        if (drawn.Keys.Any(k => !law.ContainsKey(k)))
            return 0;
        var statistic = law.Sum(l => Math.Pow(drawn.GetValueOrDefault(l.Key) - (Draws * l.Value), 2) / (Draws * l.Value));
        return 1 - ChiSquared.CDF(law.Count - 1, statistic);
    }

    /// <summary>Kolmogorov's statistic against the uniform law, scaled: above 1.95 once in a thousand times.</summary>
    private static double Kolmogorov(IEnumerable<double> sample)
    {
        var sorted = sample.Order().ToArray();
        return Math.Sqrt(sorted.Length) * sorted.Select((v, i) => Math.Max(Math.Abs(v - (i / (double)sorted.Length)), Math.Abs(v - ((i + 1) / (double)sorted.Length)))).Max();
    }

    private static Dictionary<string, IReadOnlyList<ParameterValue>> When(string name, params ParameterValue[] values) => new() { [name] = values };
}
