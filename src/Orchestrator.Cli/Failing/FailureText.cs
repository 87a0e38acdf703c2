using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Failing;

/// <summary>Failures in text, a paragraph for each group.</summary>
internal static class FailureText
{
    public static void Write(TextWriter output, SweepRecord sweep, IReadOnlyList<FailedGroup> shown, FailureReport report)
    {
        output.WriteLine($"{Human.Line(sweep.Name)}  {sweep.Id}: {Human.Count(sweep.Counts.Failed)} of {Human.Count(sweep.Counts.Total)} runs failed, in {Plural(report.Groups.Count, "way")}");
        foreach (var group in shown)
        {
            output.WriteLine();
            output.WriteLine($"{Human.Count(group.Count)} x {Human.Failure(group.First)}");
            SweepSummary.Line(output, "type", group.First.Type is { } type ? Human.Line(type) : "-");
            SweepSummary.Line(output, "group", group.Fingerprint);
            SweepSummary.Line(output, "for one", group.Run);
            SweepSummary.Line(output, "when", group.FirstAt == group.LastAt ? Human.Moment(group.FirstAt) : $"{Human.Moment(group.FirstAt)} to {Human.Moment(group.LastAt)}");
            foreach (var cause in group.Common)
                SweepSummary.Line(output, "in common", cause.Sentence);
            if (RetryCommand.For(group, sweep) is { } retry)
                SweepSummary.Line(output, "try again", retry);
        }

        if (shown.Count < report.Groups.Count)
        {
            output.WriteLine();
            output.WriteLine($"... and {Plural(report.Groups.Count - shown.Count, "other way")}{(report.IsCut ? ", and further ones that were not counted" : "")} (--limit shows more)");
        }
    }

    private static string Plural(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
