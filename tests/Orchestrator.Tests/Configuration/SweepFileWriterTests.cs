using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class SweepFileWriterTests
{
    [Fact]
    public void ToJson_RandomDefinitions_ReadBackTheSame()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var definition = new RandomDefinition(seed).Make();
            definition.Name ??= "sweep"; // the reader would take the file's
            var json = SweepFileWriter.ToJson(definition);
            var result = SweepFileReader.ReadText(json, "sweep.json", TestCatalog.Instance);

            Assert.False(result.HasErrors, $"Seed {seed}: {string.Join("\n", result.Problems)}\n{json}");
            Assert.DoesNotContain(result.Problems, p => p.Problem.Code == "SWP030");
            Assert.Equal(json, SweepFileWriter.ToJson(result.Definition!));
            Assert.Equal(SweepIdentity.Of(definition), SweepIdentity.Of(result.Definition!));
            SameParameters(definition.Parameters, result.Definition!.Parameters);
            Assert.Equal((definition.Timeout, definition.Retry.Backoff), (result.Definition.Timeout, result.Definition.Retry.Backoff));
        }
    }

    [Fact]
    public void ToJson_SampleFiles_ReadBackTheSame()
    {
        foreach (var (file, text) in SampleTexts.All.Where(s => s.File != "anchors.yaml"))
        {
            var definition = SweepFileReader.ReadText(text, file, TestCatalog.Instance).Definition;
            Assert.NotNull(definition);
            var json = SweepFileWriter.ToJson(definition);
            Assert.Equal(json, SweepFileWriter.ToJson(SweepFileReader.ReadText(json, "other.json", TestCatalog.Instance).Definition!));
        }
    }

    // Written independently of the writer: what it leaves out would go unseen otherwise.
    private static void SameParameters(ParameterCollection expected, ParameterCollection actual)
    {
        Assert.Equal(expected.Select(p => p.Key), actual.Select(p => p.Key));
        foreach (var (name, parameter) in expected)
        {
            var other = actual[name];
            Assert.Equal(parameter.GetType(), other.GetType());
            Assert.Equal(parameter.Condition.OrderBy(c => c.Key).SelectMany(c => c.Value), other.Condition.OrderBy(c => c.Key).SelectMany(c => c.Value));
            if (parameter is ParameterGroup group)
                SameParameters(group.Parameters, ((ParameterGroup)other).Parameters);
            else if (parameter is Choice choice)
            {
                Assert.Equal(choice.Values, ((Choice)other).Values);
                Assert.Equal(choice.Weights, ((Choice)other).Weights);
            }
            else
                Assert.Equal(parameter, other with { Condition = parameter.Condition });
        }
    }

    /// <summary>Valid definitions of every shape.</summary>
    private sealed class RandomDefinition(int seed)
    {
        private readonly Random _random = new(seed);

        public SweepDefinition Make()
        {
            var definition = new SweepDefinition
            {
                Name = Maybe("a \"name\" ü"),
                Project = Maybe("p"),
                Description = Maybe(""),
                Trainable = Flip ? "anything" : new TrainableReference("A.B") { Assembly = "c.dll" },
                Metric = new Metric("loss", Flip ? MetricGoal.Minimize : MetricGoal.Maximize)
                {
                    Target = Flip ? null : _random.NextDouble(),
                    From = Flip ? MetricSource.Last : MetricSource.Best,
                },
                Method = Flip ? "random" : new SamplingMethod("sobol") { Options = new Dictionary<string, ParameterValue> { ["scramble"] = Flip } },
                Seed = Flip ? 0 : _random.NextInt64(long.MinValue, long.MaxValue),
                Replicates = Flip ? 1 : _random.Next(1, 5),
                Timeout = Flip ? null : new TimeSpan(_random.NextInt64(1, TimeSpan.TicksPerDay * 40)),
                Limits = { MaxRuns = _random.NextInt64(1, uint.MaxValue), MaxConcurrent = Flip ? null : 3, Duration = Flip ? null : TimeSpan.FromMilliseconds(_random.Next(1, int.MaxValue)) },
                Resources = { Cpus = _random.Next(1, 3), GpuIfAny = Flip },
                Retry = { MaxAttempts = _random.Next(1, 3), Backoff = Flip ? default : TimeSpan.FromTicks(_random.Next()) },
                Failure = { StopAfter = Flip ? null : 3, StopAfterConsecutive = Flip ? null : 4 },
                Trackers = Flip ? null : [.. Flip ? new TrackerReference[] { "console" } : []],
            };
            if (Flip)
                definition.Tags.Add("t");
            if (Flip)
                definition.Attributes["x~/y"] = ParameterValue.FromMap([KeyValuePair.Create("k", ParameterValue.FromList(1, 1.0, ParameterValue.Null))]);
            if (definition.Replicates == 1 && Flip)
                definition.Seeds.Add(-3);
            if (Flip)
                definition.Retry.On.Add(FailureKind.WorkerLost);
            for (var i = _random.Next(1, 6); i > 0; i--)
                definition.Parameters[$"p{i}"] = MakeParameter(2) with { Condition = Condition() };
            definition.Parameters["c"] = Parameter.Choice("a", 2, 2.5, true);
            if (Flip)
                definition.Exclude.Add(new Dictionary<string, ParameterValue> { ["c"] = ParameterValue.FromList("a", 2) });
            if (Flip)
                definition.Include.Add(new Dictionary<string, ParameterValue> { ["c"] = true });
            return definition;
        }

        private bool Flip => _random.Next(2) == 0;

        private string? Maybe(string text) => Flip ? null : text;

        private Dictionary<string, IReadOnlyList<ParameterValue>> Condition() =>
            Flip ? [] : new() { ["c"] = Flip ? ["a"] : ["a", true] };

        private Parameter MakeParameter(int depth) => _random.Next(depth > 0 ? 9 : 8) switch
        {
            0 => Parameter.Float(_random.NextDouble() - 1, _random.NextDouble() + 1, points: Flip ? null : 4),
            1 => Parameter.Float(1e-9 * (1 + _random.Next(9)), 1e21, log: true),
            2 => Parameter.Int(0, 1),
            3 => Parameter.Int(_random.Next(-5, 0), _random.Next(20, 90), step: Flip ? null : 2),
            4 => Parameter.Choice("x", "1", 1, true, ParameterValue.Null, ParameterValue.FromList(1, 2)),
            5 => Parameter.Weighted(("x", 1), ("y", 0.25)),
            6 => Parameter.Constant(Flip ? ParameterValue.Null : Flip ? ParameterValue.FromList(1, "a") : 3.0),
            7 => Flip ? Parameter.Normal(-1, 0.5) : Parameter.LogNormal(0, 3),
            _ => Parameter.Group(new ParameterCollection { { "g", MakeParameter(depth - 1) }, { "h", 3 } }),
        };
    }
}
