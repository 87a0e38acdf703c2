using System.Globalization;
using Orchestrator.Cli.Looks;
using Orchestrator.Diagnostics;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Rendering;

/// <summary>Everything about one run, in text.</summary>
internal static class RunReport
{
    private const int SparklineWidth = 32;

    public static void Write(
        CliConsole console,
        SweepRecord sweep,
        RunRecord run,
        IReadOnlyList<AttemptRecord> attempts,
        IReadOnlyList<StoredCheckpoint> checkpoints,
        IReadOnlyList<KeyValuePair<string, SeriesSummary>> series,
        RunDetails details,
        string home)
    {
        var output = console.Out;
        output.WriteLine($"{run.Name}  {run.Id}");
        SweepSummary.Line(output, sweep.Kind == ExperimentKind.Sweep ? "sweep" : "experiment", $"{Human.Line(sweep.Name)} (project {Human.Line(run.Project)}, identity {sweep.Identity})");
        SweepSummary.Line(output, "state", Human.Word(run.State));
        if (sweep.Metric.Name.Length > 0)
            SweepSummary.Line(output, "objective", $"{sweep.Metric.Name}={Human.Number(run.Objective)}");
        var replicate = sweep.Kind == ExperimentKind.Sweep ? $" (replicate {run.Replicate})" : "";
        SweepSummary.Line(output, "seed", $"{run.Seed.ToString(CultureInfo.InvariantCulture)}{replicate}");
        SweepSummary.Line(output, "worker", $"{run.Worker ?? "-"}{(run.Device is { } device ? $" on {device}" : "")}");
        SweepSummary.Line(output, "started", Human.Moment(run.StartedAt));
        SweepSummary.Line(output, "duration", Human.Duration(run.DurationSeconds));
        var folder = Path.Combine(home, run.Directory);
        SweepSummary.Line(output, "folder", Directory.Exists(folder) ? folder : $"{folder} (nothing was written to it)");
        SweepSummary.Labels(output, run.Tags, run.Attributes);

        output.WriteLine();
        output.WriteLine("parameters");
        foreach (var (name, value) in run.Parameters)
            output.WriteLine($"  {name} = {Human.Line(value.ToString())}");
        Metrics(console, run, series, details);
        RunDetailsText.Write(console, details);
        if (attempts.Count > 1)
            Attempts(console, attempts);
        if (checkpoints.Count > 0)
            Checkpoints(console, checkpoints, folder);
        if (run.Warnings.Count > 0)
            Warnings(output, run.Warnings);
        if (run.TrackerLosses.Count > 0)
            TrackerLosses(console, run.TrackerLosses);
        if (run.Failure is { } failure)
            Failure(output, failure);
    }

    private static void Metrics(CliConsole console, RunRecord run, IReadOnlyList<KeyValuePair<string, SeriesSummary>> series, RunDetails details)
    {
        var sums = details.Metrics;
        console.Out.WriteLine();
        if (series.Count == 0 && run.Metrics.Count == 0)
        {
            console.Out.WriteLine("no metrics reported");
            return;
        }

        var table = new TextTable(
            console, new("metric"), new("last", IsNumber: true), new("step", IsNumber: true), new("min", IsNumber: true), new("max", IsNumber: true),
            new("avg", IsNumber: true), new("sum", IsNumber: true), new("values", IsNumber: true), new(""));
        foreach (var (name, summary) in series)
        {
            table.Add(
                name, Human.Number(summary.Last), Human.Count(summary.LastStep), Human.Number(summary.Least), Human.Number(summary.Most),
                Human.Number(sums.TryGetValue(name, out var sum) ? sum.Average : null), Human.Number(sums.TryGetValue(name, out sum) ? sum.Sum : null),
                Human.Count(summary.Count), summary.Line.Draw(SparklineWidth));
        }

        foreach (var (name, last) in run.Metrics.Where(m => series.All(s => s.Key != m.Key)))
            table.Add(name, Human.Number(last), "-", "-", "-", "-", "-", "-", "");
        table.End();
    }

    private static void Attempts(CliConsole console, IReadOnlyList<AttemptRecord> attempts)
    {
        console.Out.WriteLine();
        var table = new TextTable(console, new("attempt", IsNumber: true), new("state"), new("worker"), new("started"), new("duration", IsNumber: true), new("from step", IsNumber: true), new("failure"));
        foreach (var attempt in attempts)
        {
            table.Add(
                attempt.Number.ToString(CultureInfo.InvariantCulture),
                Human.Word(attempt.State),
                attempt.Worker,
                Human.Moment(attempt.StartedAt),
                Human.Duration((attempt.EndedAt - attempt.StartedAt)?.TotalSeconds),
                attempt.ResumedFrom is { } step ? Human.Count(step) : "-",
                attempt.Failure is { } failure ? Human.Failure(failure) : "");
        }

        table.End();
    }

    private static void Warnings(TextWriter output, IReadOnlyList<WarningNote> warnings)
    {
        output.WriteLine();
        output.WriteLine("warnings");
        foreach (var warning in warnings)
            output.WriteLine($"  {Human.Line(warning.Name.Length == 0 ? warning.Reason : $"'{warning.Name}' {warning.Reason}")}");
    }

    private static void TrackerLosses(CliConsole console, IReadOnlyList<TrackerLoss> losses)
    {
        console.Out.WriteLine();
        console.Out.WriteLine("lost by trackers (everything above is from the store, which has all)");
        var table = new TextTable(console, new("tracker"), new("attempt", IsNumber: true), new("values", IsNumber: true), new("reason"));
        foreach (var loss in losses)
            table.Add(loss.Tracker, loss.Attempt.ToString(CultureInfo.InvariantCulture), Human.Count(loss.Points), Human.Line(loss.Reason));
        table.End();
    }

    private static void Checkpoints(CliConsole console, IReadOnlyList<StoredCheckpoint> checkpoints, string folder)
    {
        console.Out.WriteLine();
        var table = new TextTable(
            console, new("checkpoint", IsNumber: true), new("attempt", IsNumber: true), new("saved"), new("size", IsNumber: true), new("file"));
        foreach (var (note, taken) in checkpoints)
        {
            var there = File.Exists(Path.Combine(folder, note.Path));
            table.Add(
                Human.Count(note.Step),
                taken.Attempt.ToString(CultureInfo.InvariantCulture),
                Human.Moment(note.At),
                ByteText.Of(note.Bytes),
                there ? note.Path : note.Path + " (gone)");
        }

        table.End();
    }

    private static void Failure(TextWriter output, RunFailure failure)
    {
        output.WriteLine();
        output.WriteLine($"failure ({Human.Word(failure.Kind)}, fingerprint {failure.Fingerprint})");
        output.WriteLine(Indent(failure.Headline));
        if (failure.ExitCode is { } code)
            output.WriteLine($"  exit code {code}");
        if (failure.Signal is { } signal)
            output.WriteLine($"  signal {signal}");
        if (failure.StackTrace is { } stack)
            output.WriteLine(Indent(stack));
        foreach (var inner in failure.Inner)
        {
            output.WriteLine(Indent($"caused by {inner.Type}: {inner.Message}"));
            if (inner.StackTrace is { } innerStack)
                output.WriteLine(Indent(innerStack));
        }

        if (failure.LogTail is not { } tail)
            return;
        output.WriteLine("last lines of its log");
        output.WriteLine(Indent(tail));
    }

    private static string Indent(string text) => "  " + Human.Lines(text.ReplaceLineEndings("\n")).TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal);
}
