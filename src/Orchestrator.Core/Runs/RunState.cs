using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>
/// The state of a run. <see cref="Completed"/>, <see cref="Failed"/>, <see cref="Pruned"/> and <see cref="Canceled"/> are ends.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Waits for a slot (also between two attempts).</summary>
    Queued,

    /// <summary>An attempt is being executed.</summary>
    Running,

    /// <summary>Taken off its slot by early stopping; goes on later.</summary>
    Paused,

    /// <summary>Ended with a valid objective.</summary>
    Completed,

    /// <summary>The last attempt failed and none is left.</summary>
    Failed,

    /// <summary>Ended by early stopping: its last value counts, but not as best.</summary>
    Pruned,

    /// <summary>Ended from outside; <c>resume</c> takes it up again.</summary>
    Canceled,
}
