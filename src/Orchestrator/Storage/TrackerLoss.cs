namespace Orchestrator;

/// <summary>What a tracker did not receive, or could not keep, of one attempt.</summary>
/// <param name="Tracker">The tracker's name.</param>
/// <param name="Attempt">The attempt's number, from 1.</param>
/// <param name="Points">How many values it lost; 0 where it failed after the last one.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record TrackerLoss(string Tracker, int Attempt, long Points, string Reason);
