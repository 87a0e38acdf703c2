using Orchestrator.Storage;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>A checkpoint with what had been reported when it was saved: what an attempt that goes on from it takes over.</summary>
/// <param name="Note">The checkpoint.</param>
/// <param name="Base">What had been reported.</param>
internal sealed record StoredCheckpoint(CheckpointNote Note, ReportBase Base);
