using System.Globalization;
using Orchestrator.Cli.Parsing;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Rendering;

/// <summary>What came of a sweep: the best, the counts, the failures, where everything is, what to do next.</summary>
internal static class ResultReport
{
    /// <summary>How many kinds of failure are told.</summary>
    public const int MostFailures = 3;

    private const double ShortRunSeconds = 1;

    public static void Write(
        CliConsole console, SweepResult result, IReadOnlyList<AssignmentSummary> best, FailureSummary failures, string home)
    {
        var (output, sweep) = (console.Out, result.Sweep);
        BestTable.Write(console, sweep, best);
        if (best.Count > 0)
            output.WriteLine();
        output.WriteLine($"{Human.Line(sweep.Name)}  {sweep.Id}  {Human.Word(sweep.State)}: {Human.Line(result.EndReason)}");
        output.WriteLine($"{Human.Counts(sweep.Counts)} in {Human.Duration(sweep.ElapsedSeconds)}{Rate(sweep)}");
        if (sweep is { ReproducibleLag: not null, ReproducibilityLost: { } lost })
            output.WriteLine($"no longer repeatable: {Human.Line(lost)}, which need not happen the next time");
        foreach (var group in failures.Top)
            output.WriteLine($"  {Human.Count(group.Count)} x {Human.Failure(group.First)}  (for one: {group.Run})");
        if (failures.Kinds > failures.Top.Count)
            output.WriteLine($"  and {failures.Kinds - failures.Top.Count} other kinds of failure");
        output.WriteLine();
        output.WriteLine($"results in {home}");
        foreach (var next in Next(sweep, failures.Top))
            output.WriteLine($"  {ProgramName.Call(next)}");
    }

    private static string Rate(SweepRecord sweep)
    {
        var ended = sweep.Counts.Completed + sweep.Counts.Failed + sweep.Counts.Pruned;
        return sweep.ElapsedSeconds > 0 && ended > 1 && ended / sweep.ElapsedSeconds >= 1 / ShortRunSeconds
            ? string.Create(CultureInfo.InvariantCulture, $", {ended / sweep.ElapsedSeconds:N0} runs/s")
            : "";
    }

    private static IEnumerable<string> Next(SweepRecord sweep, IReadOnlyList<FailureGroup> failures)
    {
        if (sweep.State != SweepState.Completed)
            yield return $"resume {sweep.Id}";
        if (sweep.Best is { } best)
            yield return $"show {best.Id}";
        if (failures.Count > 0)
            yield return $"show {failures[0].Run}";
        yield return $"runs {sweep.Id} --sort objective{(sweep.Metric.Goal == MetricGoal.Maximize ? " --desc" : "")} --limit 10";
    }
}
