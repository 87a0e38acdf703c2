using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.Querying;

public sealed class RunFilterTests
{
    private static readonly RunRecord Run = new()
    {
        Id = "s1/000007",
        Name = "quiet-harbor-7",
        Sweep = "s1",
        Project = "digits",
        Number = 7,
        Proposal = 3,
        Replicate = 1,
        Seed = 42,
        State = RunState.Failed,
        Parameters = new([new("lr", 0.01), new("optimizer", "sgd"), new("model.depth", 3), new("sizes", ParameterValue.FromList(1, 2)), new("state", "own")]),
        Metrics = new Dictionary<string, double> { ["loss"] = 0.5, ["lr"] = 9, ["bad"] = double.NaN, ["val-loss"] = 1 },
        Objective = 0.5,
        Attempts = 2,
        Worker = "cpu-1",
        CreatedAt = StoreBuilders.At(0),
        StartedAt = StoreBuilders.At(10),
        EndedAt = StoreBuilders.At(20),
        Tags = ["baseline", "b"],
        Attributes = new Dictionary<string, ParameterValue> { ["owner"] = "me" },
        Directory = "sweeps/s1/000007",
        Failure = StoreBuilders.Failure,
    };

    [Theory]
    [InlineData("state == 'failed' and number == 7 and replicate == 1 and seed == 42", true)]
    [InlineData("name == 'quiet-harbor-7' and sweep == 's1' and project == 'digits'", true)]
    [InlineData("objective == 0.5 and attempts == 2 and duration == 10 and worker == 'cpu-1'", true)]
    [InlineData("failure.kind == 'outOfMemory' and failure.type == 'System.InvalidOperationException' and failure.fingerprint == '0123456789ab'", true)]
    [InlineData("'baseline' in tags and 'c' not in tags", true)]
    [InlineData("'c' in tags", false)]
    [InlineData("parameters.lr == 0.01 and metrics.lr == 9 and lr == 0.01", true)] // the bare name is the parameter's first
    [InlineData("loss < 1 and metrics.loss >= 0.5", true)]
    [InlineData("model.depth == 3 and parameters.model.depth in [3, 4]", true)]
    [InlineData("2 in parameters.sizes and 3 not in parameters.sizes", true)]
    [InlineData("parameters.state == 'own'", true)]
    [InlineData("attributes.owner == 'me'", true)]
    [InlineData("`metrics.val-loss` == 1", true)]
    [InlineData("started >= '2026-03-01T12:00:10' and started < '2026-03-01T12:00:11'", true)]
    [InlineData("started == '2026-03-01T12:00:10.123Z' and started == '2026-03-01T14:00:10.123+02:00' and started != '2026-03-01T12:00:10.123+02:00'", true)]
    [InlineData("started > '2026-03-01T12:00' and started > '2026-03-01' and started < '2026-03-02' and started < '2026-03-01 07:00:11 -0500'", true)]
    [InlineData("'2026-03-01 12:00:09' < started <= '2026-03-01 13:00:11 +01:00' and started < ended", true)]
    [InlineData("started > '2h ago' and created < '1h59m49s ago' and ended < 'now'", true)]
    [InlineData("started in ['2026-03-01T12:00:10,123'] and started not in ['2026-03-01T12:00:10']", true)]
    [InlineData("bad == bad and bad != 1 and not bad > 1 and not bad < 1", true)]
    public void Matches_ValueThatTheRunHas_IsCompared(string filter, bool expected) =>
        Assert.Equal(expected, RunFilter.Parse(filter, null, StoreBuilders.At(2 * 3600)).Matches(Run));

    [Theory]
    [InlineData("nothing > 3", false)]
    [InlineData("nothing != 3", false)]
    [InlineData("not nothing > 3", false)]
    [InlineData("not (nothing > 3 and number == 7)", false)]
    [InlineData("not (nothing > 3 and number == 8)", true)]
    [InlineData("nothing > 3 or number == 7", true)]
    [InlineData("number == 7 or nothing > 3", true)]
    [InlineData("nothing > 3 and number == 7", false)]
    [InlineData("nothing > 3 => number == 7", true)]
    [InlineData("nothing > 3 => number == 8", false)]
    [InlineData("number == 8 => nothing > 3", true)]
    [InlineData("nothing + 1 > 0 or nothing * 0 == 0", false)]
    [InlineData("nothing in [1, 2] or nothing not in [1, 2]", false)]
    [InlineData("1 in nothing or 1 not in nothing", false)]
    [InlineData("nothing == null and not active(nothing) and active(loss) and loss != null", true)]
    [InlineData("device == null", true)]
    public void Matches_ValueThatTheRunLacks_IsUnknown(string filter, bool expected) => Assert.Equal(expected, RunFilter.Parse(filter).Matches(Run));

    [Theory]
    [InlineData("state == 'fialed'", 9, "did you mean 'failed'")]
    [InlineData("'Completed' != state", 0, "did you mean 'completed'")]
    [InlineData("state in ['failed', 'prund']", 20, "did you mean 'pruned'")]
    [InlineData("failure.knd == 'exit'", 0, "did you mean 'failure.kind'")]
    [InlineData("number > 3 and metrics == 3", 15, "'metrics' is unknown")]
    [InlineData("number = 3", 7, "'=='")]
    [InlineData("number", 0, "must be true or false")]
    [InlineData("state > 3", 6, "never agree")]
    [InlineData("'a' in name", 7, "a list or map")]
    [InlineData("started > 'yesterday'", 10, "'yesterday' is no moment. Write 2026-03-01")]
    [InlineData("created < '2026-02-30'", 10, "is no moment")]
    [InlineData("'2026-03-01T25:00' < ended", 0, "is no moment")]
    [InlineData("ended in ['2026-03-01', '3 moons ago']", 24, "is no moment")]
    [InlineData("started > '2026-03-01T12:00+25:00'", 10, "is no moment")]
    [InlineData("started > 5", 8, "never agree")]
    [InlineData("", 0, "empty")]
    public void Parse_Mistake_IsNamedWithItsPlace(string filter, int position, string expected)
    {
        var error = Assert.Throws<RunFilterException>(() => RunFilter.Parse(filter));
        Assert.Equal(position, error.Position);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains($"at character {position + 1}", error.Message, StringComparison.Ordinal);
        Assert.False(RunFilter.TryParse(filter, out _));
    }

    [Fact]
    public void Where_OfSequences_KeepsWhatMatches()
    {
        RunRecord[] runs = [Run, Run with { Number = 8, State = RunState.Completed }];
        Assert.Equal([8], runs.Where(RunFilter.Parse("state == 'completed'")).Select(r => r.Number));
    }

    [Theory]
    [InlineData("state == 'failed'", "Failed", 0, null, true)]
    [InlineData("state != 'failed' and state in ['failed', 'pruned']", "Pruned", 0, null, true)]
    [InlineData("not (state == 'failed' or state == 'completed') and state > 'q'", "Queued Running", 0, null, true)]
    [InlineData("10 <= number < 20 and state == 'failed'", "Failed", 10, 20L, true)]
    [InlineData("number == 5", null, 5, 6L, true)]
    [InlineData("20 >= number and 3 < number", null, 4, 21L, true)]
    [InlineData("number != 5", null, 0, null, false)]
    [InlineData("number > 2.5", null, 0, null, false)]
    [InlineData("state == 'failed' and lr > 3", "Failed", 0, null, false)]
    [InlineData("state == 'failed' or lr > 3", null, 0, null, false)]
    [InlineData("1 < 2", null, 0, null, false)]
    public void Plan_PartsOnStateAndNumber_AreTheStores(string filter, string? states, long first, long? end, bool whole)
    {
        var plan = RunFilter.Parse(filter).Plan;
        Assert.Equal((states, first, end, whole), (plan.States is { } some ? string.Join(' ', some) : null, plan.First, plan.End, plan.IsWhole));
    }

    [Theory]
    [InlineData("state == 'failed' and state == 'pruned'")]
    [InlineData("number > 5 and number < 3")]
    public void Plan_Contradiction_IsEmpty(string filter) => Assert.True(RunFilter.Parse(filter).Plan.IsEmpty);

    [Fact]
    public void Matches_ManyRuns_AllocatesLittle()
    {
        var filter = RunFilter.Parse("state == 'failed' and metrics.loss < 1 and parameters.lr > 0");
        for (var i = 0; i < 1000; i++)
            filter.Matches(Run);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            filter.Matches(Run);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 64);
    }
}
