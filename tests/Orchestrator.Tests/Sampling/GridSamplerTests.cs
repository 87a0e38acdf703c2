using System.Diagnostics;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;
using Orchestrator.Tests.SearchSpaces;

namespace Orchestrator.Tests.Sampling;

public class GridSamplerTests
{
    [Fact]
    public void Ask_RandomSmallSpaces_GivesExactlyThePointsInOrder()
    {
        var points = 0;
        for (var seed = 0; seed < 800; seed++)
        {
            var random = new RandomSpace(seed);
            var space = SearchSpace.Create(random.Definition);
            var expected = random.Enumerate();
            var sampler = Samplers.TryCreate("grid", space, [], 0, out var problems);
            if (expected.Count > 0)
                Assert.DoesNotContain(space.Predicates.OfType<ConstraintPredicate>(), c => c.NeverHolds(space));
            if (expected.Count == 0)
            {
                Assert.Null(sampler);
                Assert.Contains(problems, p => p.Code == "SWP175");
                continue;
            }

            Assert.Equal(new PointCount((UInt128)expected.Count, true), sampler!.Count);
            Assert.Equal(expected, Points(sampler));
            Assert.All(expected, p => Assert.True(space.IsValid(p)));
            points += expected.Count;
        }

        Assert.True(points > 10_000, $"Only {points} points: the spaces are too small to show anything.");
    }

    [Fact]
    public void Ask_AnyOrder_GivesTheSamePoints()
    {
        var sampler = Samplers.Create("grid", SearchSpace.Create(new RandomSpace(1).Definition));
        var forward = Points(sampler);
        for (var i = forward.Count - 1; i >= 0; i--)
            Assert.Equal(forward[i], sampler.Ask(AskContext.Create(0, i)));
    }

    [Fact]
    public void Create_TrillionPoints_IsFastAndSmall()
    {
        // The best of a few: the first one compiles, and the machine has other things to do.
        var (milliseconds, bytes, sampler, first) = Enumerable.Range(0, 4).Select(_ => Measure()).MinBy(m => m.Milliseconds);
        Assert.True(sampler.Count is { IsExact: true } count && count.Value > 1_000_000_000_000UL, sampler.Count.ToString());
        Assert.Equal(20, first.Distinct().Count());
        Assert.True(milliseconds < 300, $"{milliseconds} ms");
        Assert.True(bytes < 8_000_000, $"{bytes} bytes");

        static (long Milliseconds, long Bytes, ISampler Sampler, List<ParameterSet> First) Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            var sampler = TrillionPoints();
            var first = Enumerable.Range(0, 20).Select(i => sampler.Ask(AskContext.Create(0, i))!).ToList();
            return (watch.ElapsedMilliseconds, GC.GetAllocatedBytesForCurrentThread() - before, sampler, first);
        }
    }

    [Fact]
    public void Count_ChainOfConstraints_IsExact()
    {
        // 100^8 combinations tied into one component: what counts is the width of a link, not the length of the chain.
        var parameters = new ParameterCollection();
        for (var i = 0; i < 8; i++)
            parameters.Add($"x{i}", Parameter.Int(1, 100));
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = parameters,
            Constraints = [.. Enumerable.Range(0, 7).Select(i => $"x{i} <= x{i + 1}")],
        });
        var count = Samplers.Create("grid", space).Count!.Value;
        Assert.True(count.IsExact);
        Assert.Equal((UInt128)325_949_656_825UL, count.Value); // multisets: 107 choose 8
    }

    [Fact]
    public void Count_ConstraintOverTooMuch_IsAnUpperBoundAndPointsStillObeyIt()
    {
        var parameters = new ParameterCollection();
        for (var i = 0; i < 6; i++)
            parameters.Add($"x{i}", Parameter.Int(1, 1000));
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = parameters,
            Constraints = ["(x0 * x1 + x2 * x3 + x4 * x5) % 3 == 0"],
        });
        var sampler = Samplers.Create("grid", space);
        Assert.Equal(new PointCount(1_000_000_000_000_000_000UL, false), sampler.Count);
        Assert.Equal("at most 1,000,000,000,000,000,000", sampler.Count.ToString());
        var points = Enumerable.Range(0, 100).Select(i => sampler.Ask(AskContext.Create(0, i))!).ToList();
        Assert.All(points, p => Assert.True(space.IsValid(p)));
        Assert.Equal(100, points.Distinct().Count());
        Assert.Equal(points[3], sampler.Ask(AskContext.Create(0, 3)));
    }

    [Theory]
    [InlineData("x0 * x1 + x2 * x3 + x4 * x5 > 3_000_001", true)]
    [InlineData("x0 * x1 + x2 * x3 + x4 * x5 > 2_999_999", false)]
    [InlineData("max(x0, x1) + x2 - x3 * x4 / x5 < -1_000_999 and x0 > 0", true)]
    [InlineData("not (x0 + x1 + x2 + x3 + x4 + x5 >= 5)", true)]
    [InlineData("x0 + x1 + x2 + x3 + x4 + x5 == 7", false)]
    public void Create_ConstraintThatNoPointSatisfies_OverTooMuchToBeCounted_IsAnErrorAtOnce(string constraint, bool never)
    {
        var parameters = new ParameterCollection();
        for (var i = 0; i < 6; i++)
            parameters.Add($"x{i}", Parameter.Int(1, 1000));
        var space = SearchSpace.Create(new SearchSpaceDefinition { Parameters = parameters, Constraints = [constraint.Replace("_", "", StringComparison.Ordinal)] });

        Assert.Equal(never, space.Predicates.OfType<ConstraintPredicate>().Single().NeverHolds(space));
        if (!never)
            return;
        Assert.Null(Samplers.TryCreate("grid", space, [], 0, out var problems));
        Assert.Equal(("SWP175", "/constraints/0"), problems.Select(p => (p.Code, p.Path)).Single());
    }

    [Fact]
    public void Count_LongRangeNamedByACondition_IsNotWalked()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters =
            {
                ["x"] = Parameter.Int(1, 1_000_000_000_000),
                ["y"] = Parameter.Int(1, 10) with { Condition = new Dictionary<string, IReadOnlyList<ParameterValue>> { ["x"] = [5, 77] } },
            },
            Exclude = [new Dictionary<string, ParameterValue> { ["x"] = 9 }],
        });
        var sampler = Samplers.Create("grid", space);
        Assert.Equal(new PointCount(1_000_000_000_000UL + 18 - 1, true), sampler.Count);
        Assert.Equal("x=5 y=1", sampler.Ask(AskContext.Create(0, 4))!.ToString());
        Assert.Equal("x=10", sampler.Ask(AskContext.Create(0, 4 + 10 + 3))!.ToString());
    }

    [Fact]
    public void TryCreate_ContinuousParameter_NamesThePlace()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters =
            {
                ["a"] = Parameter.Group(new ParameterCollection { ["b"] = Parameter.Float(0, 1) }),
                ["c"] = Parameter.Normal(0, 1),
                ["d"] = Parameter.Weighted((1, 0.5), (2, 0.5)),
            },
        });
        Assert.Null(Samplers.TryCreate("grid", space, [], 0, out var problems));
        Assert.Equal(
            [("SWP170", "/parameters/a/parameters/b"), ("SWP170", "/parameters/c"), ("SWP172", "/parameters/d/weights")],
            problems.Select(p => (p.Code, p.Path)));
    }

    [Fact]
    public void TryCreate_MoreThan128Bits_IsAProblem()
    {
        var parameters = new ParameterCollection();
        for (var i = 0; i < 9; i++)
            parameters.Add($"x{i}", Parameter.Int(1, 1_000_000_000_000_000));
        Assert.Null(Samplers.TryCreate("grid", SearchSpace.Create(new SearchSpaceDefinition { Parameters = parameters }), [], 0, out var problems));
        Assert.Equal("SWP171", Assert.Single(problems).Code);
    }

    [Fact]
    public void Include_PointsOffAndOnTheGrid_FollowOnceEach()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = { ["x"] = Parameter.Int(1, 2), ["c"] = Parameter.Constant("k") },
        });
        Dictionary<string, ParameterValue> on = new() { ["x"] = 2 }, off = new() { ["x"] = 9 };
        var sampler = Samplers.Create("grid", space, 0, on, off, off);
        Assert.Equal(["x=1 c=k", "x=2 c=k", "x=9 c=k"], Points(sampler).Select(p => p.ToString()));
        Assert.Equal(new PointCount(3, true), sampler.Count);
    }

    internal static ISampler TrillionPoints()
    {
        var sgd = new Dictionary<string, IReadOnlyList<ParameterValue>> { ["optimizer"] = ["sgd"] };
        return Samplers.Create("grid", SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters =
            {
                ["learningRate"] = Parameter.Float(1e-5, 0.1, log: true, points: 50),
                ["batch"] = Parameter.Int(8, 512, step: 8),
                ["accumulation"] = Parameter.Int(1, 32),
                ["optimizer"] = Parameter.Choice("adam", "sgd", "rmsprop"),
                ["momentum"] = Parameter.Float(0.5, 0.99, points: 50) with { Condition = sgd },
                ["nesterov"] = Parameter.Choice(true, false) with { Condition = sgd },
                ["layers"] = Parameter.Int(1, 20),
                ["width"] = Parameter.Int(16, 1024, step: 16),
                ["dropout"] = Parameter.Float(0, 0.5, step: 0.01),
                ["warmup"] = Parameter.Int(0, 100),
            },
            Constraints = ["batch * accumulation <= 4096", "layers * width <= 8192", "dropout < 0.4 or warmup > 10"],
        }));
    }

    private static List<ParameterSet> Points(ISampler sampler)
    {
        List<ParameterSet> points = [];
        while (sampler.Ask(AskContext.Create(0, points.Count)) is { } point)
            points.Add(point);
        return points;
    }
}
