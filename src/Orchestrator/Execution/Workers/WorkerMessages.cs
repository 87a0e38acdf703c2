using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>What the orchestrator says to a worker's process.</summary>
internal enum WorkerRequest : byte
{
    /// <summary>Execute a run; over the channel.</summary>
    Run,

    /// <summary>The run of this number must end, for this reason; over the control pipe, which is read at any time.</summary>
    Cancel,
}

/// <summary>What a worker's process says.</summary>
internal enum WorkerAnswer : byte
{
    /// <summary>The version of these messages: it is ready.</summary>
    Ready,

    /// <summary>Step, count, names and values.</summary>
    Report,

    /// <summary>A note.</summary>
    Note,

    /// <summary>Text for the run's log.</summary>
    Log,

    /// <summary>The number of the run that ended, whether it started processes, and how it ended.</summary>
    Ended,
}

/// <summary>How what a worker's process and the orchestrator tell each other is written. Both are always of the same program.</summary>
internal static class WorkerMessages
{
    /// <summary>Raised with every change here.</summary>
    public const int Version = 2;

    public static void WriteRun(WireWriter to, int number, RunInfo run, TrainableReference trainable, string? sweepFile)
    {
        to.Begin((byte)WorkerRequest.Run).Int(number);
        to.Text(trainable.Name).Maybe(trainable.Assembly).Maybe(sweepFile);
        Write(to, run);
        to.End();
    }

    public static void Write(WireWriter to, RunInfo run)
    {
        to.Text(run.Id).Text(run.Name).Text(run.SweepId).Text(run.SweepName).Text(run.Project);
        to.Long(run.Number).Long(run.Proposal).Int(run.Replicate).Long(run.Seed).Int(run.Attempt);
        to.Int(run.Parameters.Count);
        for (var i = 0; i < run.Parameters.Count; i++)
        {
            to.Text(run.Parameters[i].Key);
            Write(to, run.Parameters[i].Value);
        }

        to.Byte(run.Metric is null ? (byte)0 : (byte)1);
        if (run.Metric is { } metric)
            to.Text(metric.Name).Byte((byte)metric.Goal).Byte((byte)metric.From).Double(metric.Target ?? double.NaN);
        to.Text(run.Worker).Text(run.Device).Long(run.StartedAt.Ticks).Long(run.StartedAt.Offset.Ticks).Text(run.Folder.FullPath).Maybe(run.TraceParent);
        to.Long(run.Caps.Artifacts ?? -1).Long(run.Caps.Log);
        to.Int(run.Checkpoints.Count);
        foreach (var checkpoint in run.Checkpoints)
            to.Long(checkpoint.At.UtcTicks).Long(checkpoint.Step).Text(checkpoint.Path).Long(checkpoint.Bytes).Text(checkpoint.Sha256);
    }

    public static RunInfo ReadRun(ref WireReader from, NamePool names)
    {
        var id = from.Text();
        var name = from.Text();
        var sweepId = names.Get(from.Bytes());
        var sweepName = names.Get(from.Bytes());
        var project = names.Get(from.Bytes());
        var number = from.Long();
        var proposal = from.Long();
        var replicate = from.Int();
        var seed = from.Long();
        var attempt = from.Int();
        var count = from.Count();
        var keys = new string[count];
        var values = new ParameterValue[count];
        for (var i = 0; i < count; i++)
        {
            keys[i] = names.Get(from.Bytes());
            values[i] = ReadValue(ref from);
        }

        var parameters = new ParameterSet(keys, values);
        Metric? metric = null;
        if (from.Byte() == 1)
        {
            metric = new Metric(names.Get(from.Bytes()), (MetricGoal)from.Byte()) { From = (MetricSource)from.Byte() };
            var target = from.Double();
            metric = double.IsNaN(target) ? metric : metric with { Target = target };
        }

        return new RunInfo
        {
            Id = id,
            Name = name,
            SweepId = sweepId,
            SweepName = sweepName,
            Project = project,
            Number = number,
            Proposal = proposal,
            Replicate = replicate,
            Seed = seed,
            Attempt = attempt,
            Parameters = parameters,
            Metric = metric,
            Worker = names.Get(from.Bytes()),
            Device = names.Get(from.Bytes()),
            StartedAt = new DateTimeOffset(from.Long(), new TimeSpan(from.Long())),
            Folder = new RunFolder(from.Text(), parameters),
            TraceParent = from.Maybe(),
            Caps = new StorageCaps(from.Long() is >= 0 and var artifacts ? artifacts : null, from.Long()),
            Checkpoints = ReadCheckpoints(ref from),
        };
    }

    private static CheckpointNote[] ReadCheckpoints(ref WireReader from)
    {
        var checkpoints = new CheckpointNote[from.Count()];
        for (var i = 0; i < checkpoints.Length; i++)
        {
            var at = new DateTimeOffset(from.Long(), TimeSpan.Zero);
            checkpoints[i] = new CheckpointNote(from.Long(), from.Text(), from.Long(), from.Text(), at);
        }

        return checkpoints;
    }

    public static void Write(WireWriter to, RunNote note)
    {
        to.Begin((byte)WorkerAnswer.Note);
        switch (note)
        {
            case AttributeNote attribute:
                to.Byte(0).Long(note.At.UtcTicks).Text(attribute.Name);
                Write(to, attribute.Value);
                break;
            case TagNote tag:
                to.Byte(1).Long(note.At.UtcTicks).Text(tag.Tag);
                break;
            case ParameterNote parameter:
                to.Byte(2).Long(note.At.UtcTicks).Text(parameter.Name);
                Write(to, parameter.Value);
                break;
            case ArtifactNote artifact:
                to.Byte(3).Long(note.At.UtcTicks).Text(artifact.Name).Text(artifact.Path).Long(artifact.Bytes).Text(artifact.Sha256);
                break;
            case TaskNote task:
                to.Byte(4).Long(note.At.UtcTicks).Int(task.Number).Text(task.Name).Long(task.StartedAt.UtcTicks).Long(task.EndedAt?.UtcTicks ?? -1);
                Write(to, new RunEnding(task.Failure));
                break;
            case CheckpointNote saved:
                to.Byte(5).Long(note.At.UtcTicks).Long(saved.Step).Text(saved.Path).Long(saved.Bytes).Text(saved.Sha256);
                to.Long(saved.KeepEvery).Int(saved.KeepCompleted).Int(saved.Superseded.Count);
                foreach (var path in saved.Superseded)
                    to.Text(path);
                break;
            case WarningNote warning:
                to.Byte(7).Long(note.At.UtcTicks).Text(warning.Name).Text(warning.Reason);
                break;
            case RestoredNote restored:
                to.Byte(6).Long(note.At.UtcTicks).Long(restored.Step).Text(restored.Path);
                break;
            default:
                throw new NotSupportedException($"A worker's process cannot send a note {note.GetType().Name}.");
        }

        to.End();
    }

    public static RunNote ReadNote(ref WireReader from)
    {
        var kind = from.Byte();
        var at = new DateTimeOffset(from.Long(), TimeSpan.Zero);
        return kind switch
        {
            0 => new AttributeNote(from.Text(), ReadValue(ref from), at),
            1 => new TagNote(from.Text(), at),
            2 => new ParameterNote(from.Text(), ReadValue(ref from), at),
            3 => new ArtifactNote(from.Text(), from.Text(), from.Long(), from.Text(), at),
            4 => new TaskNote(from.Int(), from.Text(), ReadTime(from.Long()), ReadTime(from.Long()) is var end && end == default ? null : end, ReadEnding(ref from).Failure, at),
            5 => new CheckpointNote(from.Long(), from.Text(), from.Long(), from.Text(), at)
            {
                KeepEvery = from.Long(),
                KeepCompleted = from.Int(),
                Superseded = ReadTexts(ref from),
            },
            6 => new RestoredNote(from.Long(), from.Text(), at),
            7 => new WarningNote(from.Text(), from.Text(), at),
            _ => throw new InvalidDataException($"There is no note {kind}."),
        };
    }

    private static string[] ReadTexts(ref WireReader from)
    {
        var texts = new string[from.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = from.Text();
        return texts;
    }

    public static void Write(WireWriter to, RunEnding ending)
    {
        to.Byte(ending.GaveUp ? (byte)2 : ending.Failure is null ? (byte)0 : (byte)1);
        if (ending.Failure is { } failure)
            Write(to, failure);
    }

    public static RunEnding ReadEnding(ref WireReader from) => from.Byte() switch
    {
        0 => default,
        1 => new RunEnding(ReadFailure(ref from)),
        _ => new RunEnding(null, GaveUp: true),
    };

    private static DateTimeOffset ReadTime(long ticks) => ticks < 0 ? default : new DateTimeOffset(ticks, TimeSpan.Zero);

    public static void Write(WireWriter to, RunFailure failure)
    {
        to.Byte((byte)failure.Kind).Maybe(failure.Type).Text(failure.Message).Maybe(failure.StackTrace).Text(failure.Fingerprint);
        to.Int(failure.Inner.Count);
        foreach (var inner in failure.Inner)
            to.Text(inner.Type).Text(inner.Message).Maybe(inner.StackTrace);
    }

    public static RunFailure ReadFailure(ref WireReader from)
    {
        var failure = new RunFailure
        {
            Kind = (FailureKind)from.Byte(),
            Type = from.Maybe(),
            Message = from.Text(),
            StackTrace = from.Maybe(),
            Fingerprint = from.Text(),
        };
        var inner = new InnerFailure[from.Count()];
        for (var i = 0; i < inner.Length; i++)
            inner[i] = new InnerFailure(from.Text(), from.Text(), from.Maybe());
        return failure with { Inner = inner };
    }

    private static void Write(WireWriter to, ParameterValue value)
    {
        to.Byte((byte)value.Kind);
        switch (value.Kind)
        {
            case ParameterKind.Null: break;
            case ParameterKind.Boolean: to.Byte(value.AsBoolean() ? (byte)1 : (byte)0); break;
            case ParameterKind.Integer: to.Long(value.AsInt64()); break;
            case ParameterKind.Float: to.Double(value.AsDouble()); break;
            case ParameterKind.Text: to.Text(value.AsText()); break;
            case ParameterKind.List:
                to.Int(value.Items.Count);
                foreach (var item in value.Items)
                    Write(to, item);
                break;
            default:
                to.Int(value.Entries.Count);
                foreach (var (name, item) in value.Entries)
                {
                    to.Text(name);
                    Write(to, item);
                }

                break;
        }
    }

    /// <summary>Deeper than any value may be: what comes from a process whose memory was overwritten must not cost us the stack.</summary>
    private const int DeepestValue = 100;

    private static ParameterValue ReadValue(ref WireReader from, int depth = 0)
    {
        if (depth > DeepestValue)
            throw new InvalidDataException("A value from another process is nested without end.");
        var kind = (ParameterKind)from.Byte();
        switch (kind)
        {
            case ParameterKind.Null: return ParameterValue.Null;
            case ParameterKind.Boolean: return from.Byte() == 1;
            case ParameterKind.Integer: return from.Long();
            case ParameterKind.Float: return from.Double();
            case ParameterKind.Text: return from.Text();
            case ParameterKind.List:
                var items = new ParameterValue[from.Count()];
                for (var i = 0; i < items.Length; i++)
                    items[i] = ReadValue(ref from, depth + 1);
                return ParameterValue.FromList(items);
            default:
                var entries = new KeyValuePair<string, ParameterValue>[from.Count()];
                for (var i = 0; i < entries.Length; i++)
                    entries[i] = KeyValuePair.Create(from.Text(), ReadValue(ref from, depth + 1));
                return ParameterValue.FromMap(entries);
        }
    }
}
