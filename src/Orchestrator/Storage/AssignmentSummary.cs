namespace Orchestrator.Storage;

/// <summary>The runs of one assignment.</summary>
/// <param name="Proposal">The number of the assignment.</param>
/// <param name="Parameters">The assignment.</param>
/// <param name="Runs">How many of its runs completed.</param>
/// <param name="Mean">The mean of their objectives.</param>
/// <param name="StandardDeviation">The sample standard deviation of their objectives; 0 for one run.</param>
/// <param name="Metrics">The mean over its completed runs of each metric's last value.</param>
/// <param name="Deviations">The sample standard deviation of the same.</param>
internal sealed record AssignmentSummary(
    long Proposal,
    ParameterSet Parameters,
    int Runs,
    double Mean,
    double StandardDeviation,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double> Deviations);
