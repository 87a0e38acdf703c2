using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Execution.Causes;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Commands;

/// <summary>Sorts what a command prints: reports to the run, everything else to its log.</summary>
/// <param name="attempt">The attempt.</param>
/// <param name="pattern">How lines that are no JSON name values, if they do.</param>
internal sealed class CommandOutput(RunAttempt attempt, ReportPattern? pattern = null)
{
    private readonly ReportLine _report = new();
    private readonly ReportWarnings _warnings = new(attempt);
    private readonly LoggedLines _outputLog = new(attempt.Log.Write);
    private readonly LoggedLines _errorLog = new(attempt.Log.Write);
    private readonly OutputTail _output = new();
    private readonly OutputTail _error = new();
    private readonly List<(string Name, double Value)> _matches = [];
    private long _reports;
    private bool _isWithinLine;
    private bool _isAfterReturn;

    /// <summary>What it said last: a failing program's exception is there, if anywhere.</summary>
    public ProgramWords Words => new(_error.ToString(), _output.ToString());

    /// <summary>Lines of standard output.</summary>
    public void TakeOutput(ReadOnlySpan<byte> lines)
    {
        if (_isAfterReturn && lines is [(byte)'\n', ..])
            lines = lines[1..]; // the line has ended already
        if (lines.IsEmpty)
            return;
        _isAfterReturn = lines[^1] == '\r';
        _output.Add(lines);
        var log = 0; // where the lines begin that are no reports
        for (var at = 0; at < lines.Length;)
        {
            var end = lines[at..].IndexOfAny((byte)'\n', (byte)'\r');
            var length = end < 0 ? lines.Length - at : end + 1;
            if (end >= 0 && lines[at + end] == '\r' && at + length < lines.Length && lines[at + length] == '\n')
                length++;
            var line = lines.Slice(at, length);
            var isReport = !_isWithinLine && TakeReport(line);
            _warnings.LongLine(line, isBeginning: end < 0 && !_isWithinLine && line.Length >= OutputLines.LongestLine);
            _isWithinLine = end < 0;
            if (isReport)
            {
                _outputLog.Take(lines[log..at]);
                log = at + length;
            }

            at += length;
        }

        _outputLog.Take(lines[log..]);
    }

    /// <summary>Lines of standard error.</summary>
    public void TakeError(ReadOnlySpan<byte> lines)
    {
        _error.Add(lines);
        _errorLog.Take(lines);
        if (pattern is null)
        {
            _warnings.NoReport(lines, isError: true);
            return;
        }

        while (!lines.IsEmpty)
        {
            var end = lines.IndexOfAny((byte)'\n', (byte)'\r');
            TakeMatches(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? [] : lines[(end + 1)..];
        }
    }

    /// <summary>It prints nothing more.</summary>
    public void End()
    {
        _outputLog.End();
        _errorLog.End();
        _warnings.End();
    }

    /// <returns>Whether the line is a report and nothing else, so that the log need not have it.</returns>
    private bool TakeReport(ReadOnlySpan<byte> line)
    {
        // Most lines are none, and begin with something else.
        if (line[0] is (byte)'{' or (byte)' ' or (byte)'\t' or 0x1B or 0xEF && _report.TryRead(line))
        {
            var isReport = _report.Metrics.Length > 0;
            _warnings.LeftOut(_report, isReport);
            if (isReport)
                Report(_report.Step, _report.Metrics);
            return isReport && _report.LeftOut.Count == 0;
        }

        if (pattern is not null)
            TakeMatches(line);
        else
            _warnings.NoReport(line);
        return false;
    }

    private void TakeMatches(ReadOnlySpan<byte> line)
    {
        _matches.Clear();
        var step = pattern!.Read(Encoding.UTF8.GetString(TerminalCodes.Trim(line)), _matches, out var hasOddStep);
        if (_matches.Count == 0)
            return;
        if (hasOddStep)
            _warnings.OddStep();
        Report(step, CollectionsMarshal.AsSpan(_matches));
    }

    private void Report(long? step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var task = attempt.Report(step ?? attempt.FirstCountedStep() + _reports, metrics);
        _reports++;
        if (!task.IsCompletedSuccessfully)
            task.AsTask().GetAwaiter().GetResult();
    }
}
