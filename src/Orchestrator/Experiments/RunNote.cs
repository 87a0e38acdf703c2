namespace Orchestrator;

/// <summary>
/// Something that a run says of itself beside its metrics. The store keeps it with the run, the trackers are handed it, and it crosses
/// from a worker's process as it is: a closed set, plain data.
/// </summary>
/// <param name="At">When it was said.</param>
public abstract record RunNote(DateTimeOffset At);

/// <summary>A named value, kept with the run; the last one of a name wins.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; lists and mappings are read back as they were given.</param>
/// <param name="At">When it was set.</param>
public sealed record AttributeNote(string Name, ParameterValue Value, DateTimeOffset At) : RunNote(At);

/// <summary>A label.</summary>
/// <param name="Tag">The label, normalised.</param>
/// <param name="At">When it was added.</param>
public sealed record TagNote(string Tag, DateTimeOffset At) : RunNote(At);

/// <summary>A parameter beside those that the run was given, or in the place of one; the last one of a name wins.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; lists and mappings are read back as they were given.</param>
/// <param name="At">When it was set.</param>
public sealed record ParameterNote(string Name, ParameterValue Value, DateTimeOffset At) : RunNote(At);

/// <summary>Something that the run said is not kept, or not as it was said.</summary>
/// <param name="Name">What it is about, a metric for one; may be empty.</param>
/// <param name="Reason">Why, as the rest of a sentence that begins with the name.</param>
/// <param name="At">When it was said first.</param>
public sealed record WarningNote(string Name, string Reason, DateTimeOffset At) : RunNote(At)
{
    internal string Sentence => (Name.Length == 0 ? Reason : $"'{Name}' {Reason}") + ".";
}

/// <summary>A file that is kept with the run; the last one of a name wins.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="Path">Where it lies, relative to the run's folder. Two names of the same content share one file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The hash of its content, 64 hexadecimal digits.</param>
/// <param name="At">When it was added.</param>
public sealed record ArtifactNote(string Name, string Path, long Bytes, string Sha256, DateTimeOffset At) : RunNote(At);

/// <summary>A task within the run: said when it begins, and again when it has ended.</summary>
/// <param name="Number">Its number in the attempt, from 0.</param>
/// <param name="Name">Its name; that of a task within a task is <c>outer.inner</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/>: it has begun.</param>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="At">When it was said.</param>
public sealed record TaskNote(int Number, string Name, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunFailure? Failure, DateTimeOffset At)
    : RunNote(At);
