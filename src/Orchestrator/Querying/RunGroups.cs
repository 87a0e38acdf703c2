using System.Runtime.CompilerServices;
using Orchestrator.Storage;

namespace Orchestrator.Querying;

/// <summary>Gathers runs by assignment.</summary>
internal static class RunGroups
{
    /// <summary>The assignments of runs that come by number, so that those of an assignment follow each other: in memory that does not grow with their number.</summary>
    public static async IAsyncEnumerable<AssignmentSummary> OfAsync(
        IAsyncEnumerable<RunRecord> runs, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var group = new List<RunRecord>();
        await foreach (var run in runs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (group.Count > 0 && group[0].Proposal != run.Proposal)
            {
                yield return AssignmentSummary.Of(group);
                group.Clear();
            }

            group.Add(run);
        }

        if (group.Count > 0)
            yield return AssignmentSummary.Of(group);
    }
}
