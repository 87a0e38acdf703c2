using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Tests.Storage;

/// <summary>What a client returns survives JSON by anyone's serializer: the defaults, and generated code.</summary>
public sealed partial class PublicRecordsJsonTests
{
    private static readonly RunRecord Run = new()
    {
        Id = "s/000001",
        Name = "calm-river-7",
        Sweep = "s",
        Number = 1,
        Proposal = 1,
        Replicate = 0,
        Seed = 9007199254740993,
        State = RunState.Failed,
        Directory = "sweeps/s/000001",
        Parameters = new ParameterSet(
        [
            new("whole", 9007199254740993L), new("float", 1.0), new("text", "a"), new("flag", true), new("none", ParameterValue.Null),
            new("list", ParameterValue.FromList([1, 2.5])), new("group.x", ParameterValue.FromMap([new("y", "z")])),
        ]),
        Metrics = new Dictionary<string, double> { ["loss"] = double.NaN, ["accuracy"] = 0.5, ["bound"] = double.PositiveInfinity },
        Attributes = new Dictionary<string, ParameterValue> { ["owner"] = "me" },
        Failure = new RunFailure { Kind = FailureKind.Exit, Message = "m", Fingerprint = "f", ExitCode = 3, Inner = [new InnerFailure("T", "m", null)] },
        TrackerLosses = [new TrackerLoss("csv", 1, 2, "full")],
    };

    private static readonly SweepRecord Swept = new()
    {
        Id = "s",
        Name = "n",
        Project = "p",
        State = SweepState.Stopped,
        Method = "grid",
        Metric = Metric.Maximize("accuracy", target: 0.9),
        Identity = "i",
        Definition = "{}",
        Counts = new RunCounts(Completed: 2, Failed: 1),
        Best = Run,
    };

    [Fact]
    public void Run_ThroughTheDefaults_IsTheSame()
    {
        var json = JsonSerializer.Serialize(Run);
        var read = JsonSerializer.Deserialize<RunRecord>(json)!;

        AssertSame(Run, read);
        Assert.Contains("\"float\":1.0", json, StringComparison.Ordinal);
        Assert.Contains("\"State\":\"Failed\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_ThroughGeneratedCode_IsTheSame()
    {
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(Swept, Generated.Default.SweepRecord), Generated.Default.SweepRecord)!;

        Assert.Equal((Swept.State, Swept.Metric, Swept.Counts), (read.State, read.Metric, read.Counts));
        AssertSame(Swept.Best!, read.Best!);
    }

    [Fact]
    public void Change_ThroughTheDefaults_IsTheSame()
    {
        var change = new SweepChange(7, "runEnded", 3, DateTimeOffset.UnixEpoch);

        Assert.Equal(change, JsonSerializer.Deserialize<SweepChange>(JsonSerializer.Serialize(change)));
    }

    private static void AssertSame(RunRecord expected, RunRecord actual)
    {
        Assert.Equal(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.Parameters.Select(p => p.Value.Kind), actual.Parameters.Select(p => p.Value.Kind));
        Assert.Equal(expected.Metrics, actual.Metrics);
        Assert.Equal(expected.Attributes, actual.Attributes);
        Assert.Equal((expected.Seed, expected.State, expected.Id), (actual.Seed, actual.State, actual.Id));
        Assert.Equal((expected.Failure!.Kind, expected.Failure.ExitCode, expected.Failure.Inner[0]), (actual.Failure!.Kind, actual.Failure.ExitCode, actual.Failure.Inner[0]));
        Assert.Equal(expected.TrackerLosses, actual.TrackerLosses);
    }

    [JsonSerializable(typeof(SweepRecord))]
    private sealed partial class Generated : JsonSerializerContext;
}
