namespace Orchestrator.Storage;

/// <summary>The failed runs of a sweep by what went wrong, the most frequent first.</summary>
/// <param name="Top">The most frequent kinds.</param>
/// <param name="Kinds">How many kinds there are in all.</param>
internal sealed record FailureSummary(IReadOnlyList<FailureGroup> Top, int Kinds)
{
    /// <summary>No run has failed.</summary>
    public static FailureSummary None { get; } = new([], 0);
}

/// <summary>Runs that failed of the same fault.</summary>
/// <param name="Fingerprint">What they share.</param>
/// <param name="Count">How many there are.</param>
/// <param name="First">The failure of one of them: the one with the lowest number.</param>
/// <param name="Run">Its id.</param>
/// <param name="Number">Its number.</param>
internal sealed record FailureGroup(string Fingerprint, long Count, RunFailure First, string Run, long Number);
