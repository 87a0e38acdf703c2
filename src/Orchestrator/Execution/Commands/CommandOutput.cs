using System.Text;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Commands;

/// <summary>Sorts what a command prints: reports to the run, everything else to its log.</summary>
internal sealed class CommandOutput(RunAttempt attempt)
{
    private const int LongestQuote = 300;
    private const int MostTail = 8 * 1024;
    private const int MostTailLines = 20;
    private readonly ReportLine _report = new();
    private long _reports;
    private byte[]? _tail;
    private int _tailLength;

    /// <summary>The last line of standard error that says something; what a failing program said last is usually why.</summary>
    public string? LastError { get; private set; }

    /// <summary>The last 20 lines of standard error, of 8 KiB at most; empty if there was none.</summary>
    public string ErrorTail => string.Join('\n', Encoding.UTF8.GetString(_tail.AsSpan(0, _tailLength)).TrimEnd().Split('\n').TakeLast(MostTailLines));

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
                var task = attempt.Report(_report.Step ?? attempt.FirstStep + _reports, _report.Metrics);
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
        Keep(lines);
        var text = lines.TrimEnd(" \t\r\n"u8);
        if (text.IsEmpty)
            return;
        text = text[(text.LastIndexOf((byte)'\n') + 1)..];
        var line = Encoding.UTF8.GetString(text).Trim();
        LastError = line.Length <= LongestQuote ? line : line[..LongestQuote] + "...";
    }

    private void Keep(ReadOnlySpan<byte> lines)
    {
        _tail ??= new byte[MostTail];
        lines = lines[Math.Max(0, lines.Length - MostTail)..];
        var before = Math.Min(_tailLength, MostTail - lines.Length);
        _tail.AsSpan(_tailLength - before, before).CopyTo(_tail);
        lines.CopyTo(_tail.AsSpan(before));
        _tailLength = before + lines.Length;
    }

    private void Log(ReadOnlySpan<byte> lines)
    {
        if (!lines.IsEmpty)
            attempt.Log.Write(OutputLines.Text(lines));
    }
}
