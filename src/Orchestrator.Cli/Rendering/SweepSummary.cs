using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Rendering;

/// <summary>Where a sweep stands, in a few lines.</summary>
internal static class SweepSummary
{
    public static void Write(TextWriter output, SweepRecord sweep)
    {
        output.WriteLine($"{Human.Line(sweep.Name)}  {sweep.Id}  (project {Human.Line(sweep.Project)})");
        Line(output, "state", Human.Word(sweep.State) + (sweep.EndReason is { } reason ? $": {Human.Line(reason)}" : ""));
        if (sweep.Kind == ExperimentKind.Experiment)
            Line(output, "identity", sweep.Identity);
        Line(output, "method", sweep.Metric.Name.Length == 0 ? sweep.Method : $"{sweep.Method}, {Human.Word(sweep.Metric.Goal)} {sweep.Metric.Name}{(sweep.Metric.Target is { } target ? $" (target {Human.Number(target)})" : "")}");
        Line(output, "runs", $"{Human.Counts(sweep.Counts)}{(sweep.PlannedRuns is { } planned ? $" (of {Human.Count(planned)})" : "")}");
        if (sweep.Best is { } best)
        {
            Line(output, "best", $"{sweep.Metric.Name}={Human.Number(best.Objective)}  {best.Id}");
            Line(output, "", Human.Parameters(best.Parameters));
        }

        if (sweep.ReproducibleLag is { } lag)
            Line(output, "repeatable", sweep.ReproducibilityLost is { } lost ? $"no longer: {Human.Line(lost)}" : $"yes (lag {lag})");
        if (sweep.Kind == ExperimentKind.Sweep)
            Line(output, "elapsed", Human.Elapsed(sweep));
        Line(output, "created", Human.Moment(sweep.CreatedAt));
        if (sweep.File is { } file)
            Line(output, "file", file);
        Labels(output, sweep.Tags, sweep.Attributes);
        if (sweep.State is SweepState.Stopped or SweepState.Interrupted or SweepState.Failed or SweepState.Queued)
            Line(output, "go on", ProgramName.Call($"resume {sweep.Id}"));
    }

    /// <summary>Tags and attributes, if there are any.</summary>
    public static void Labels(TextWriter output, IReadOnlyList<string> tags, IReadOnlyDictionary<string, ParameterValue> attributes)
    {
        if (tags.Count > 0)
            Line(output, "tags", string.Join(", ", tags.Select(Human.Line)));
        foreach (var (name, value) in attributes)
            Line(output, "attribute", $"{Human.Line(name)}={Human.Line(value.ToString())}");
    }

    /// <summary>A label and a value, aligned with the others.</summary>
    public static void Line(TextWriter output, string label, string value) => output.WriteLine($"  {label,-10} {value}");
}
