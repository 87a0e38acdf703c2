using System.Globalization;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Rendering;

/// <summary>The best assignments of a sweep by the mean over their seeds, and its best run.</summary>
internal static class BestTable
{
    private const int MostMetrics = 5;

    public static void Write(CliConsole console, SweepRecord sweep, IReadOnlyList<AssignmentSummary> best)
    {
        if (best.Count > 0)
            WriteAssignments(console, sweep, best);
        if (sweep.Best is not { } run)
            return;
        console.Out.WriteLine();
        console.Out.WriteLine($"best run {run.Id}  {sweep.Metric.Name}={Human.Number(run.Objective)}  {Human.Parameters(run.Parameters)}  (seed {run.Seed})");
    }

    private static void WriteAssignments(CliConsole console, SweepRecord sweep, IReadOnlyList<AssignmentSummary> best)
    {
        var (constants, varying) = ParameterSplit.Of([.. best.Select(b => b.Parameters)], ParameterSplit.Constants(sweep.Definition));
        var others = best.SelectMany(b => b.Metrics.Keys).Distinct(StringComparer.Ordinal).Where(m => m != sweep.Metric.Name).Take(MostMetrics).ToList();
        var severalSeeds = best.Any(b => b.Runs + b.Failed + b.Pruned > 1);
        var (anyFailed, anyPruned) = (best.Any(b => b.Failed > 0), best.Any(b => b.Pruned > 0 && b.Runs > 0));
        if (constants.Length > 0)
            console.Out.WriteLine($"always {constants}");
        var table = new TextTable(
            console,
            [
                new("rank", IsNumber: true),
                .. varying.Select(name => new TextTable.Column(name, IsNumber: true)),
                new("runs", IsNumber: true),
                .. anyFailed ? [new TextTable.Column("failed", IsNumber: true)] : (ReadOnlySpan<TextTable.Column>)[],
                .. anyPruned ? [new TextTable.Column("pruned", IsNumber: true)] : (ReadOnlySpan<TextTable.Column>)[],
                new(severalSeeds ? sweep.Metric.Name + " (mean ± std)" : sweep.Metric.Name, IsNumber: true),
                .. others.Select(name => new TextTable.Column(name, IsNumber: true)),
            ]);
        for (var i = 0; i < best.Count; i++)
        {
            var assignment = best[i];
            table.Add(
            [
                (i + 1).ToString(CultureInfo.InvariantCulture),
                .. varying.Select(name => ParameterSplit.Cell(assignment.Parameters, name)),
                assignment.Runs.ToString(CultureInfo.InvariantCulture),
                .. anyFailed ? [assignment.Failed.ToString(CultureInfo.InvariantCulture)] : (ReadOnlySpan<string>)[],
                .. anyPruned ? [assignment.Pruned.ToString(CultureInfo.InvariantCulture)] : (ReadOnlySpan<string>)[],
                severalSeeds ? AssignmentTable.MeanAndDeviation(assignment) : Human.Number(assignment.Mean),
                .. others.Select(name => assignment.Metrics.TryGetValue(name, out var mean) ? Human.Number(mean) : "-"),
            ]);
        }

        table.End();
        if (anyFailed || anyPruned)
            console.Out.WriteLine($"The mean is that of the runs that completed: an assignment whose other seeds {(anyFailed ? "failed" : "were pruned")} may only have been lucky.");
    }
}
