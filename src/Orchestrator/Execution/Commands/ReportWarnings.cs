using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Commands;

/// <summary>Says once for each name and reason what of a command's reports is not kept.</summary>
internal sealed class ReportWarnings(RunAttempt attempt)
{
    private const int Most = 100;
    private readonly HashSet<(string Name, string Reason)> _said = [];

    /// <param name="line">A line that is a JSON object.</param>
    /// <param name="isReport">Whether it holds values. If not, only what is known as a metric is missed.</param>
    public void LeftOut(ReportLine line, bool isReport)
    {
        foreach (var (name, reason) in line.LeftOut)
        {
            if (isReport || IsKnown(name))
                Say(name, reason + (name == ReportLine.StepName ? "" : ", and is left out: a metric's value is a number"));
        }
    }

    /// <summary>A step that is none, in a line that is read by a pattern.</summary>
    public void OddStep() => Say(ReportLine.StepName, ReportLine.OddStep);

    /// <summary>A line so long that it is handed over in parts.</summary>
    public void LongLine(ReadOnlySpan<byte> line, bool isBeginning)
    {
        if (isBeginning && line[0] == '{')
            Say("", $"A line that begins like a report is longer than {OutputLines.LongestLine / 1024 / 1024} MiB: it is not read as one");
    }

    private bool IsKnown(string name) => attempt.Info.Metric?.Name == name || attempt.Reports.SummaryOf(name) is not null;

    private void Say(string name, string reason)
    {
        if (_said.Count < Most && _said.Add((name, reason)))
            attempt.Warn(name, reason);
    }
}
