using System.Text;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Commands;

/// <summary>Says once for each name and reason what of a command's reports is not kept.</summary>
internal sealed class ReportWarnings(RunAttempt attempt)
{
    private const int Most = 100;
    private readonly HashSet<(string Name, string Reason)> _said = [];
    private readonly byte[]? _metric = attempt.Info.Metric is { Name.Length: > 0 } metric ? Encoding.UTF8.GetBytes(metric.Name) : null;
    private bool _hasMissed;
    private bool _isOnError;

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

    /// <summary>A line that is no report though it names the sweep's metric as one does: in Python's own notation, behind a log's prefix, on the wrong stream.</summary>
    public void NoReport(ReadOnlySpan<byte> line, bool isError = false)
    {
        if (_metric is null || (isError ? _isOnError : _hasMissed) || !Names(line, _metric))
            return;
        if (isError)
            _isOnError = true;
        else
            _hasMissed = true;
        if (!isError)
            Say(attempt.Info.Metric!.Name, "is named by a line that is no JSON object, and so no report: print json.dumps(...) alone on a line, or read such lines by 'reports: {pattern: ...}'");
    }

    /// <summary>The command prints nothing more. What a program tells its log as well is no report that was missed.</summary>
    public void End()
    {
        if (_isOnError && attempt.Info.Metric is { } metric && attempt.Reports.SummaryOf(metric.Name) is null)
            Say(metric.Name, "is named by a line of standard error, where no reports are read: print them to standard output");
    }

    /// <summary>A step that is none, in a line that is read by a pattern.</summary>
    public void OddStep() => Say(ReportLine.StepName, ReportLine.OddStep);

    /// <summary>A line so long that it is handed over in parts.</summary>
    public void LongLine(ReadOnlySpan<byte> line, bool isBeginning)
    {
        if (isBeginning && line[0] == '{')
            Say("", $"A line that begins like a report is longer than {OutputLines.LongestLine / 1024 / 1024} MiB: it is not read as one");
    }

    /// <summary>Whether a name stands in quotes before a colon.</summary>
    private static bool Names(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        for (int at; (at = line.IndexOf(name)) >= 0; line = line[(at + 1)..])
        {
            var after = line[(at + name.Length)..];
            if (at > 0 && line[at - 1] is (byte)'"' or (byte)'\'' && after.Length > 1 && after[0] == line[at - 1] && after[1..].TrimStart((byte)' ').StartsWith(":"u8))
                return true;
        }

        return false;
    }

    private bool IsKnown(string name) => attempt.Info.Metric?.Name == name || attempt.Reports.SummaryOf(name) is not null;

    private void Say(string name, string reason)
    {
        if (_said.Count < Most && _said.Add((name, reason)))
            attempt.Warn(name, reason);
    }
}
