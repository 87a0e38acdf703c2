namespace Orchestrator;

/// <summary>A checkpoint of the run is whole and on disk: it counts from here on.</summary>
/// <param name="Step">The step after which it was saved.</param>
/// <param name="Path">Its file, relative to the run's folder, with <c>/</c> between folders.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Sha256">The hash of the file, 64 hexadecimal digits.</param>
/// <param name="At">When it was saved.</param>
public sealed record CheckpointNote(long Step, string Path, long Bytes, string Sha256, DateTimeOffset At) : RunNote(At)
{
    /// <summary>The paths of older ones that are not kept any more.</summary>
    public IReadOnlyList<string> Superseded { get; init; } = [];

    /// <summary>Those whose step is a multiple of it are always kept; 0: none is for its step.</summary>
    public long KeepEvery { get; init; }

    /// <summary>How many of the newest are kept once the run has completed.</summary>
    public int KeepCompleted { get; init; } = RunCheckpoints.DefaultKeepCompleted;
}

/// <summary>
/// The attempt goes on from a checkpoint: what this attempt reported before is replaced by what had been reported when the checkpoint was saved.
/// </summary>
/// <param name="Step">The checkpoint's step.</param>
/// <param name="Path">The checkpoint's file, relative to the run's folder.</param>
/// <param name="At">When it was restored.</param>
public sealed record RestoredNote(long Step, string Path, DateTimeOffset At) : RunNote(At);
