using System.Globalization;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Rendering;

/// <summary>The assignments of a sweep in text, as they come: there may be millions.</summary>
internal static class AssignmentTable
{
    /// <returns>Whether there was any.</returns>
    public static async Task<bool> WriteAsync(CliConsole console, SweepRecord sweep, IAsyncEnumerable<AssignmentSummary> assignments)
    {
        var constants = ParameterSplit.Constants(sweep.Definition);
        var metric = sweep.Metric.Name is { Length: > 0 } name ? name : "objective";
        var table = new TextTable(
            console, new("assignment", IsNumber: true), new("runs", IsNumber: true), new("failed", IsNumber: true), new("pruned", IsNumber: true),
            new(metric + " (mean ± std)", IsNumber: true), new("parameters"));
        var any = false;
        await foreach (var assignment in assignments)
        {
            any = true;
            table.Add(
                assignment.Proposal.ToString(CultureInfo.InvariantCulture),
                assignment.Runs.ToString(CultureInfo.InvariantCulture),
                assignment.Failed.ToString(CultureInfo.InvariantCulture),
                assignment.Pruned.ToString(CultureInfo.InvariantCulture),
                assignment.Mean is null ? "-" : MeanAndDeviation(assignment),
                Human.Parameters(assignment.Parameters.Where(p => !constants.Contains(p.Key))));
        }

        if (any)
            table.End();
        return any;
    }

    /// <summary><c>0.31 ± 0.02</c>.</summary>
    public static string MeanAndDeviation(AssignmentSummary assignment) =>
        $"{Human.Number(assignment.Mean)} ± {assignment.StandardDeviation?.ToString("G2", CultureInfo.InvariantCulture) ?? "-"}";
}
