namespace Orchestrator.Sweeps;

/// <summary>An assignment of which some replicates have ended and others not.</summary>
/// <param name="Proposal">The number of the assignment.</param>
/// <param name="Ended">How many of its runs completed, failed or were pruned. A canceled run is open: it can be resumed.</param>
/// <param name="Completed">How many of them completed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Pruned">How many of them were pruned.</param>
/// <param name="ObjectiveSum">The sum of the objectives of the completed ones.</param>
internal sealed record PartialProposal(long Proposal, int Ended, int Completed, int Failed, int Pruned, double ObjectiveSum);
