namespace Orchestrator.Experiments.Checkpoints;

/// <summary>Which checkpoints are kept.</summary>
internal static class CheckpointRetention
{
    /// <summary>Those that go: all but the newest, and those of every so many steps.</summary>
    /// <param name="newestFirst">The checkpoints.</param>
    /// <param name="last">How many of the newest stay.</param>
    /// <param name="every">Those whose step is a multiple of it stay, too; 0: none.</param>
    public static IEnumerable<CheckpointNote> Superseded(IReadOnlyList<CheckpointNote> newestFirst, int last, long every) =>
        newestFirst.Skip(last).Where(c => every == 0 || c.Step % every != 0);
}
