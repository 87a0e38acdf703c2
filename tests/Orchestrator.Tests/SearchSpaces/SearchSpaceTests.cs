using Orchestrator.Numerics;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.SearchSpaces;

public class SearchSpaceTests
{
    public static TheoryData<Parameter, string> Ranges => new()
    {
        { Parameter.Float(0, 0.5, step: 0.1), "0 0.1 0.2 0.3 0.4 0.5" },
        { Parameter.Float(0.1, 0.75, step: 0.2), "0.1 0.3 0.5 0.7" },
        { Parameter.Float(-1, 1, points: 5), "-1 -0.5 0 0.5 1" },
        { Parameter.Float(0, 1, points: 11), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1" },
        { Parameter.Float(1e-5, 0.1, log: true, points: 5), "1E-05 0.0001 0.001 0.01 0.1" },
        { Parameter.Float(2, 2, points: 1), "2" },
        { Parameter.Int(2, 9, step: 3), "2 5 8" },
        { Parameter.Int(0, 10, points: 4), "0 3 7 10" },
        { Parameter.Int(0, 2, points: 10), "0 1 2" },
        { Parameter.Int(1, 1000, log: true, points: 4), "1 10 100 1000" },
        { Parameter.Int(1, 4, log: true, points: 4), "1 2 3 4" },
        { Parameter.Int(long.MaxValue - 2, long.MaxValue), "9223372036854775805 9223372036854775806 9223372036854775807" },
    };

    [Theory]
    [MemberData(nameof(Ranges), DisableDiscoveryEnumeration = true)]
    public void ValueAt_DiscreteRange_IsWhatAPersonWouldWrite(Parameter parameter, string expected)
    {
        var domain = Space(("p", parameter)).Parameters[0].Domain;
        var values = Enumerable.Range(0, (int)domain.Size!.Value).Select(i => domain.ValueAt(i)).ToArray();
        Assert.Equal(expected, string.Join(' ', values));
        Assert.All(values, (v, i) => Assert.Equal(i, domain.IndexOf(v)));
        Assert.False(domain.Contains(0.123456));
        Assert.False(domain.Contains("text"));
    }

    [Fact]
    public void ValueAt_LongEvenRange_EndsExactlyAndRisesStrictly()
    {
        foreach (var parameter in new[] { Parameter.Float(0.1, 0.7, points: 9999), Parameter.Float(1e-300, 1e300, log: true, points: 9999) })
        {
            var domain = Space(("p", parameter)).Parameters[0].Domain;
            var values = Enumerable.Range(0, 9999).Select(i => domain.ValueAt(i).AsDouble()).ToArray();
            Assert.Equal(((FloatRange)parameter).Max, values[^1]);
            Assert.True(values.Zip(values.Skip(1)).All(p => p.First < p.Second));
        }
    }

    [Theory]
    [InlineData(0, 1000, 1e-10, 10_000_000_000_001)]
    [InlineData(0, 1, 1e-12, 1_000_000_000_001)]
    [InlineData(0, 0.7999999999999999, 0.1, 9)]
    public void Size_LongSteppedRange_IsExactAndEndsAtMax(double min, double max, double step, long size)
    {
        var domain = Space(("p", Parameter.Float(min, max, step: step))).Parameters[0].Domain;
        Assert.Equal(size, domain.Size);
        Assert.Equal(max, domain.ValueAt(size - 1).AsDouble(), 1e-9 * step);
    }

    [Fact]
    public void FromUnit_LogRangeUpToTheLargestInteger_SpreadsOverAllOfIt()
    {
        var domain = Space(("p", Parameter.Int(5_000_000_000_000_000_000, long.MaxValue, log: true))).Parameters[0].Domain;
        Assert.Equal(6.79e18, domain.FromUnit(0.5).AsDouble(), 1e16);
    }

    [Fact]
    public void FromUnit_Ends_AreTheEndsOfTheRange()
    {
        foreach (var parameter in new Parameter[] { Parameter.Float(-1, 3), Parameter.Float(1e-4, 10, log: true), Parameter.Int(1, 7), Parameter.Int(1, 7, log: true) })
        {
            var domain = Space(("p", parameter)).Parameters[0].Domain;
            var (min, max) = parameter is FloatRange f ? (f.Min, f.Max) : (((IntRange)parameter).Min, ((IntRange)parameter).Max);
            Assert.Equal(min, domain.FromUnit(0).AsDouble());
            Assert.Equal(max, domain.FromUnit(1).AsDouble());
        }
    }

    [Fact]
    public void FromUnit_WeightsOfZero_AreNeverHit()
    {
        var domain = Space(("p", Parameter.Weighted((1, 0), (2, 1), (3, 0), (4, 1), (5, 0)))).Parameters[0].Domain;
        Assert.Equal([2, 2, 4, 4], new[] { 0, 0.49, 0.5, 1 }.Select(u => domain.FromUnit(u).AsInt64()));
    }

    [Fact]
    public void Parameters_ChildBeforeItsParent_ComeInOrderOfNeed()
    {
        var space = Space(
            ("child", Parameter.Choice(1, 2) with { Condition = When("late.parent", true) }),
            ("between", 1),
            ("late", Parameter.Group(new() { ["parent"] = Parameter.Choice(true, false), ["last"] = 3 })));
        Assert.Equal(["late.parent", "child", "between", "late.last"], space.Parameters.Select(p => p.Name));
        Assert.Equal(0, space.Parameters[1].Conditions.Single().Parent);
    }

    [Fact]
    public void Contains_WrongShapeOrValue_IsFalse()
    {
        var space = Space(("a", Parameter.Choice("x", "y")), ("b", Parameter.Int(1, 3) with { Condition = When("a", "x") }));
        Assert.True(space.Contains(Set(("a", "x"), ("b", 2.0))));
        Assert.True(space.Contains(Set(("a", "y"))));
        Assert.False(space.Contains(Set(("a", "x"))));
        Assert.False(space.Contains(Set(("a", "y"), ("b", 2))));
        Assert.False(space.Contains(Set(("a", "x"), ("b", 4))));
        Assert.False(space.Contains(Set(("a", "y"), ("c", 1))));
    }

    [Fact]
    public void IsValid_InactiveParameter_VoidsConstraintAndExclusion()
    {
        var space = SearchSpace.Create(new SearchSpaceDefinition
        {
            Parameters = { ["a"] = Parameter.Choice("x", "y"), ["b"] = Parameter.Int(1, 3) with { Condition = When("a", "x") } },
            Exclude = [new Dictionary<string, ParameterValue> { ["b"] = ParameterValue.FromList(1, 3) }],
            Constraints = ["b < 3"],
        });
        Assert.True(space.IsValid(Set(("a", "y"))));
        Assert.True(space.IsValid(Set(("a", "x"), ("b", 2))));
        Assert.False(space.IsValid(Set(("a", "x"), ("b", 1))));
        Assert.False(space.IsValid(Set(("a", "x"), ("b", 3))));
    }

    [Fact]
    public void Complete_Partial_KeepsWhatIsGiven()
    {
        var space = Space(("a", Parameter.Choice("x", "y")), ("b", Parameter.Int(1, 3) with { Condition = When("a", "x") }), ("c", Parameter.Float(0, 1)));
        for (var seed = 0; seed < 30; seed++)
        {
            var set = space.Complete(new Dictionary<string, ParameterValue> { ["b"] = 2 }, new SeededRandom(seed));
            Assert.Equal(("x", 2), (set.Get<string>("a"), set.Get<int>("b")));
            Assert.InRange(set.Get<double>("c"), 0, 1);
        }

        var thrown = Assert.Throws<ArgumentException>(() => space.Complete(new Dictionary<string, ParameterValue> { ["bb"] = 2 }, new SeededRandom(0)));
        Assert.Contains("did you mean 'b'?", thrown.Message, StringComparison.Ordinal);
    }

    private static SearchSpace Space(params (string Name, Parameter Parameter)[] parameters)
    {
        var collection = new ParameterCollection();
        foreach (var (name, parameter) in parameters)
            collection.Add(name, parameter);
        return SearchSpace.Create(new SearchSpaceDefinition { Parameters = collection });
    }

    private static ParameterSet Set(params (string Name, ParameterValue Value)[] entries) => new(entries.Select(e => KeyValuePair.Create(e.Name, e.Value)));

    private static Dictionary<string, IReadOnlyList<ParameterValue>> When(string name, params ParameterValue[] values) => new() { [name] = values };
}
