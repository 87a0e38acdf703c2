using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Tests.Sampling;

/// <summary>What every sampler promises. A new one inherits this class and says how it is made.</summary>
public abstract class SamplerContract
{
    private const int Proposals = 60;

    /// <summary>The method under test.</summary>
    protected abstract SamplingMethod Method { get; }

    /// <summary>Whether another seed gives other proposals.</summary>
    protected virtual bool DependsOnSeed => true;

    /// <summary>The first proposals in <see cref="Space"/> with seed 1, as any process must give them for all time.</summary>
    protected abstract string[] Golden { get; }

    private static SearchSpaceDefinition Definition => new()
    {
        Parameters =
        {
            ["learningRate"] = Parameter.Float(1e-4, 0.1, log: true, points: 7),
            ["batch"] = Parameter.Int(16, 128, step: 16),
            ["optimizer"] = Parameter.Choice("adam", "sgd", "lion"),
            ["sgd"] = Parameter.Group(new ParameterCollection
            {
                ["momentum"] = Parameter.Float(0.5, 0.9, step: 0.1),
                ["nesterov"] = Parameter.Choice(true, false),
            }) with { Condition = When("optimizer", "sgd", "lion") },
            ["warmup"] = Parameter.Int(1, 3) with { Condition = When("sgd.nesterov", true) },
            ["width"] = Parameter.Choice(32, 64, 128),
            ["depth"] = Parameter.Choice(3, 2, 1),
            ["kind"] = Parameter.Constant("mlp"),
        },
        Zip = [["width", "depth"]],
        Exclude = [new Dictionary<string, ParameterValue> { ["optimizer"] = "lion", ["sgd.nesterov"] = true }],
        Constraints = ["batch * depth <= 256", "active(warmup) => learningRate < 0.05"],
    };

    private static SearchSpace Space => SearchSpace.Create(Definition);

    [Fact]
    public void Ask_AnyNumber_LiesInTheSpaceAndBreaksNothing()
    {
        var space = Space;
        foreach (var proposal in Ask(Create(space, 5), 5, Proposals))
        {
            Assert.True(space.Contains(proposal), proposal.ToString());
            Assert.True(space.IsValid(proposal), proposal.ToString());
            Assert.Equal(proposal.Contains("sgd.momentum"), proposal["optimizer"] != "adam");
            Assert.Equal(proposal.Contains("warmup"), proposal.Get("sgd.nesterov", false));
            Assert.True(proposal.Get<int>("batch") * proposal.Get<int>("depth") <= 256);
            Assert.Equal(proposal.Get<int>("width") switch { 32 => 3, 64 => 2, _ => 1 }, proposal.Get<int>("depth"));
        }
    }

    [Fact]
    public void Ask_SameSeed_GivesTheSameAndAnotherSeedOthers()
    {
        var first = Ask(Create(Space, 1), 1, Proposals);
        Assert.Equal(first, Ask(Create(Space, 1), 1, Proposals));
        if (DependsOnSeed)
            Assert.NotEqual(first, Ask(Create(Space, 2), 2, Proposals));
    }

    [Fact]
    public void Ask_AnyProcess_GivesTheGoldenProposals() =>
        Assert.Equal(Golden, Ask(Create(Space, 1), 1, Golden.Length).Select(p => p.ToString()));

    [Fact]
    public void Ask_AfterRestart_GoesOnAsIfNothingHadHappened()
    {
        var whole = Ask(Create(Space, 1), 1, Proposals);
        for (var done = 0; done < Proposals; done += 17)
        {
            var restarted = Create(Space, 1);
            if (restarted.UsesHistory)
            {
                for (var i = 0; i < done; i++)
                    restarted.Tell(new Observation(i, whole[i], ObservationState.Pending, []));
            }

            for (var i = done; i < Proposals; i++)
                Assert.Equal(whole[i], restarted.Ask(AskContext.Create(1, i)));
        }
    }

    [Fact]
    public void Ask_EarlierNumberAgain_GivesTheSameWithoutHistory()
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var sampler = Create(Space, seed);
            if (sampler.UsesHistory)
                return;
            var forward = Ask(sampler, seed, Proposals);
            for (var i = Proposals - 1; i >= 0; i -= 7)
                Assert.Equal(forward[i], sampler.Ask(AskContext.Create(seed, i)));
        }
    }

    [Fact]
    public void Tell_AnyStateInAnyOrder_DoesNoHarm()
    {
        var space = Space;
        var sampler = Create(space, 1);
        var foreign = space.Complete(new Dictionary<string, ParameterValue>(), new Orchestrator.Numerics.SeededRandom(99));
        sampler.Tell(new Observation(-1, foreign, ObservationState.Pending, []));
        sampler.Tell(new Observation(-1, foreign, ObservationState.Completed, [1.5]));
        List<ParameterSet> asked = [];
        foreach (var state in Enum.GetValues<ObservationState>())
        {
            var number = asked.Count;
            asked.Add(sampler.Ask(AskContext.Create(1, number))!);
            sampler.Tell(new Observation(number, asked[^1], state, state is ObservationState.Failed ? [] : [number]));
        }

        var next = sampler.Ask(AskContext.Create(1, asked.Count))!;
        Assert.True(space.IsValid(next));
        if (!sampler.UsesHistory)
            Assert.Equal([.. asked, next], Ask(Create(Space, 1), 1, asked.Count + 1));
    }

    [Fact]
    public void Count_IfAny_IsHonest()
    {
        var sampler = Create(Space, 1);
        if (sampler.Count is not { } count)
        {
            Assert.NotNull(sampler.Ask(AskContext.Create(1, 100_000)));
            return;
        }

        var asked = 0;
        while (sampler.Ask(AskContext.Create(1, asked)) is not null)
            asked++;
        Assert.True(count.IsExact ? (UInt128)asked == count.Value : (UInt128)asked <= count.Value, $"{asked} of {count}");
        Assert.Null(sampler.Ask(AskContext.Create(1, asked + 1)));
    }

    [Fact]
    public void Include_Given_IsProposedAndTheOthersAreStillThere()
    {
        var space = Space;
        var include = new Dictionary<string, ParameterValue>
        {
            ["learningRate"] = 0.0001, ["batch"] = 32, ["optimizer"] = "adam", ["width"] = 32, ["depth"] = 3,
        };
        var sampler = Samplers.Create(Method, space, 1, include);
        var plain = Create(space, 1);
        if (plain.Count is { } count)
        {
            Assert.Equal(count, sampler.Count); // a grid has it already
            return;
        }

        Assert.All(include, entry => Assert.Equal(entry.Value, sampler.Ask(AskContext.Create(1, 0))![entry.Key]));
        if (!plain.UsesHistory)
            Assert.Equal(plain.Ask(AskContext.Create(1, 3)), sampler.Ask(new AskContext(4, AskContext.Create(1, 3).Random)));
    }

    [Fact]
    public void Include_Partial_IsCompletedByTheRules()
    {
        var space = Space;
        var include = new Dictionary<string, ParameterValue> { ["sgd.nesterov"] = true, ["batch"] = 128 };
        if (Create(space, 1).Count is not null)
        {
            Assert.Null(Samplers.TryCreate(Method, space, [include], 1, out var problems));
            Assert.Contains(problems, p => p is { Code: "SWP183", Path: "/include/0" });
            return;
        }

        for (var seed = 0; seed < 20; seed++)
        {
            var proposal = Samplers.Create(Method, space, seed, include).Ask(AskContext.Create(seed, 0))!;
            Assert.True(space.IsValid(proposal));
            Assert.Equal("sgd", proposal["optimizer"].ToString());
            Assert.Equal(128, proposal.Get<int>("batch"));
        }
    }

    /// <summary>A condition.</summary>
    protected static Dictionary<string, IReadOnlyList<ParameterValue>> When(string name, params ParameterValue[] values) => new() { [name] = values };

    /// <summary>The first proposals.</summary>
    protected static List<ParameterSet> Ask(ISampler sampler, long seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => sampler.Ask(AskContext.Create(seed, i))!)];

    private ISampler Create(SearchSpace space, long seed) => Samplers.Create(Method, space, seed);
}
