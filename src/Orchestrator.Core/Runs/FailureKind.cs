using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What made an attempt fail.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>An exception left the user's code.</summary>
    Exception,

    /// <summary>The attempt took longer than the sweep's <c>timeout</c>.</summary>
    Timeout,

    /// <summary>A command ended with an exit code other than 0.</summary>
    Exit,

    /// <summary>The process was ended by a signal.</summary>
    Signal,

    /// <summary>The attempt exceeded its memory.</summary>
    OutOfMemory,

    /// <summary>Another resource gave out, the disk for one.</summary>
    ResourceLimit,

    /// <summary>The objective was NaN or infinite.</summary>
    NonFinite,

    /// <summary>The run ended without ever reporting the sweep's metric.</summary>
    InvalidResult,

    /// <summary>The worker vanished while it executed the attempt.</summary>
    WorkerLost,
}
