using System.Text;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Commands;

/// <summary>Sorts what a command prints: reports to the run, everything else to its log.</summary>
internal sealed class CommandOutput(RunAttempt attempt)
{
    private const int LongestQuote = 300;
    private readonly ReportLine _report = new();
    private long _reports;

    /// <summary>The last line of standard error that says something; what a failing program said last is usually why.</summary>
    public string? LastError { get; private set; }

    /// <summary>Lines of standard output.</summary>
    public void TakeOutput(ReadOnlySpan<byte> lines)
    {
        var log = 0; // where the lines begin that are no reports
        for (var at = 0; at < lines.Length;)
        {
            var length = lines[at..].IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : lines.Length - at;
            if (lines[at] is (byte)'{' or (byte)' ' && _report.TryRead(lines.Slice(at, length)))
            {
                Log(lines[log..at]);
                log = at + length;
                var task = attempt.Report(_report.Step ?? _reports, _report.Metrics);
                _reports++;
                if (!task.IsCompletedSuccessfully)
                    task.AsTask().GetAwaiter().GetResult();
            }

            at += length;
        }

        Log(lines[log..]);
    }

    /// <summary>Lines of standard error.</summary>
    public void TakeError(ReadOnlySpan<byte> lines)
    {
        Log(lines);
        var text = lines.TrimEnd(" \t\r\n"u8);
        if (text.IsEmpty)
            return;
        text = text[(text.LastIndexOf((byte)'\n') + 1)..];
        var line = Encoding.UTF8.GetString(text).Trim();
        LastError = line.Length <= LongestQuote ? line : line[..LongestQuote] + "...";
    }

    private void Log(ReadOnlySpan<byte> lines)
    {
        if (!lines.IsEmpty)
            attempt.Log.Write(OutputLines.Text(lines));
    }
}
