namespace Orchestrator;

/// <summary>Whether a failed attempt is tried again.</summary>
public sealed class RetryPolicy
{
    /// <summary>How many attempts a run has before it has failed; at least 1. Default: 1. A run that is tried again by hand has as many once more.</summary>
    public int MaxAttempts { get; set; } = 1;

    /// <summary>The wait before the second attempt, doubled before each further one, at most an hour. Default: none.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>The kinds of failure that are tried again; empty: all.</summary>
    public IList<FailureKind> On { get; init; } = [];

    /// <summary>Whether a failure of this kind in attempt number <paramref name="attempt"/> (from 1) is tried again.</summary>
    internal bool Allows(FailureKind kind, int attempt) => attempt < MaxAttempts && (On.Count == 0 || On.Contains(kind));

    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1).</summary>
    internal TimeSpan DelayAfter(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(3600, Backoff.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 40))));
}
