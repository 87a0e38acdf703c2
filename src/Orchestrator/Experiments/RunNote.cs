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
