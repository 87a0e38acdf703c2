using Orchestrator.Execution;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Workers;

namespace Orchestrator.Tests.Execution.Workers;

public sealed class WorkerMessagesTests
{
    private static readonly ParameterSet Parameters = new(
    [
        KeyValuePair.Create<string, ParameterValue>("x", 0.1 + 0.2),
        KeyValuePair.Create<string, ParameterValue>("wide", double.NegativeInfinity),
        KeyValuePair.Create<string, ParameterValue>("n", long.MinValue),
        KeyValuePair.Create<string, ParameterValue>("on", true),
        KeyValuePair.Create<string, ParameterValue>("none", ParameterValue.Null),
        KeyValuePair.Create<string, ParameterValue>("text", "Grüße, 世界\n\0"),
        KeyValuePair.Create<string, ParameterValue>("list", ParameterValue.FromList([1, "a", ParameterValue.FromMap([KeyValuePair.Create<string, ParameterValue>("k", 2.5)])])),
    ]);

    [Fact]
    public void RunInfo_Crossing_LosesNothing()
    {
        var run = new RunInfo
        {
            Id = "s/000007",
            Name = "quiet-harbor-417",
            SweepId = "s",
            SweepName = "sweep",
            Project = "p",
            Number = 7,
            Proposal = 3,
            Replicate = 1,
            Seed = -5,
            Attempt = 2,
            Parameters = Parameters,
            Metric = new Metric("loss", MetricGoal.Maximize) { Target = 0.5, From = MetricSource.Best },
            Worker = "cpu-1",
            Device = "cpu",
            StartedAt = new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.FromHours(1)),
            Folder = new RunFolder("/tmp/x", Parameters),
            Checkpoints = [new CheckpointNote(5, "checkpoints/attempt-1/step-000005.zip", 123, "ab", DateTimeOffset.UnixEpoch)],
            Caps = new StorageCaps(5_000, 70),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        var wire = new WireWriter();
        WorkerMessages.Write(wire.Begin(0), run);
        wire.End();

        var reader = new WireReader(wire.Written[WireWriter.HeaderLength..]);
        var read = WorkerMessages.ReadRun(ref reader, new NamePool());

        Assert.Equal(run.Folder.FullPath, read.Folder.FullPath);
        Assert.Equal(run.StartedAt.Offset, read.StartedAt.Offset);
        Assert.Equal(run.Checkpoints.Select(c => c.ToString()), read.Checkpoints.Select(c => c.ToString()));
        Assert.Equal(run, read with { Folder = run.Folder, Checkpoints = run.Checkpoints }); // a record: a property that does not cross is unequal
    }

    [Fact]
    public void Notes_EveryKind_Crosses()
    {
        var at = new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero);
        var failure = new RunFailure { Kind = FailureKind.Exception, Message = "m", Fingerprint = "f", Inner = Array.Empty<InnerFailure>() };
        string[] superseded = ["old", "older"];
        RunNote[] notes =
        [
            new AttributeNote("a", "b", at), new TagNote("t", at), new ParameterNote("p", 1, at), new ArtifactNote("n", "p", 5, "h", at),
            new TaskNote(1, "t", at, at.AddSeconds(1), failure, at),
            new CheckpointNote(5, "p", 6, "h", at) { Superseded = superseded, KeepEvery = 7, KeepCompleted = 0 }, new RestoredNote(5, "p", at),
            new WarningNote("n", "is null", at),
        ];

        Assert.Equal(
            typeof(RunNote).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RunNote)) && t.IsPublic).Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            notes.Select(n => n.GetType()).Distinct().OrderBy(t => t.Name, StringComparer.Ordinal));
        foreach (var note in notes)
        {
            var wire = new WireWriter();
            WorkerMessages.Write(wire, note);
            var reader = new WireReader(wire.Written[WireWriter.HeaderLength..]);
            Assert.Equal(note, WorkerMessages.ReadNote(ref reader), (a, b) => a is TaskNote x && b is TaskNote y
                ? x with { Failure = null } == y with { Failure = null } && x.Failure! with { Inner = [] } == y.Failure! with { Inner = [] }
                : a is CheckpointNote c && b is CheckpointNote d
                    ? c with { Superseded = superseded } == d with { Superseded = superseded } && c.Superseded.SequenceEqual(d.Superseded)
                    : a == b);
        }
    }

    [Fact]
    public void Failure_Crossing_LosesNothing()
    {
        var failure = new RunFailure
        {
            Kind = FailureKind.OutOfMemory,
            Type = "T",
            Message = "m",
            Fingerprint = "f",
            Inner = [new InnerFailure("a", "b", null), new InnerFailure("c", "d", "e")],
        };
        var wire = new WireWriter();
        WorkerMessages.Write(wire.Begin(0), failure);
        wire.End();

        var reader = new WireReader(wire.Written[WireWriter.HeaderLength..]);
        var read = WorkerMessages.ReadFailure(ref reader);

        Assert.Equal(failure.Inner, read.Inner);
        Assert.Equal(failure, read with { Inner = failure.Inner });
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void Note_WithMoreItemsThanItHas_IsInvalid(int items)
    {
        var wire = new WireWriter();
        wire.Byte(0).Long(0).Text("name").Byte((byte)ParameterKind.List).Int(items);

        Assert.Throws<InvalidDataException>(() => Note(wire));
    }

    [Fact]
    public void Note_NestedWithoutEnd_IsInvalid()
    {
        var wire = new WireWriter();
        wire.Byte(0).Long(0).Text("name");
        for (var i = 0; i < 1_000_000; i++)
            wire.Byte((byte)ParameterKind.List).Int(1);
        wire.Byte((byte)ParameterKind.Null);

        Assert.Throws<InvalidDataException>(() => Note(wire));
    }

    private static RunNote Note(WireWriter wire)
    {
        var reader = new WireReader(wire.Written);
        return WorkerMessages.ReadNote(ref reader);
    }

    [Fact]
    public void Reader_ShorterThanItSays_IsInvalid()
    {
        Assert.Throws<InvalidDataException>(() => new WireReader([3, 0, 0, 0, 1]).Text());
        Assert.Throws<InvalidDataException>(() => new WireReader([255, 255, 255, 255]).Text());
    }
}
