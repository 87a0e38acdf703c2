namespace Orchestrator.Sweeps;

/// <summary>How the execution of a sweep ended.</summary>
/// <param name="Kind">What ended it.</param>
/// <param name="State">The sweep's state from here on.</param>
/// <param name="Reason">The same in one sentence.</param>
/// <param name="Error">What could not go on.</param>
internal sealed record SweepEnd(SweepEndKind Kind, SweepState State, string Reason, Exception? Error = null);
