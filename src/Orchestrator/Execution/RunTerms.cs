namespace Orchestrator.Execution;

/// <summary>
/// What of a sweep's definition may be set while it is executed, as runs see it: replaced as a whole, never changed, since workers read it at any
/// moment.
/// </summary>
/// <param name="Timeout">How long an attempt may take; <see langword="null"/>: for ever.</param>
/// <param name="Retry">Whether a failed attempt is tried again.</param>
/// <param name="Caps">What each attempt may put on the disk.</param>
/// <param name="Tags">The sweep's labels, which its runs have as well.</param>
/// <param name="Attributes">The sweep's named values, which its runs have as well.</param>
internal sealed record RunTerms(
    TimeSpan? Timeout, RetryPolicy Retry, StorageCaps Caps, IReadOnlyList<string> Tags, IReadOnlyList<KeyValuePair<string, ParameterValue>> Attributes)
{
    public static RunTerms Of(SweepDefinition definition) => new(
        definition.Timeout,
        new RetryPolicy { MaxAttempts = definition.Retry.MaxAttempts, Backoff = definition.Retry.Backoff, On = [.. definition.Retry.On] },
        new StorageCaps(definition.Resources.Artifacts, definition.Resources.Log),
        [.. definition.Tags],
        [.. definition.Attributes]);
}
