using System.Globalization;
using System.Numerics;
using System.Text;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// Lines of what a process prints on their way to a log. A carriage return ends a line, too: a progress bar overwrites it. Of lines that are
/// overwritten one after the other the first ten are logged, then ever fewer, and the last: a bar that runs for ever costs next to nothing.
/// </summary>
/// <param name="write">Takes one or several lines, without the last one's end.</param>
internal sealed class LoggedLines(Action<string> write)
{
    private const int AllOf = 10;
    private const int LongestKept = 4 * 1024;

    private readonly StringBuilder _text = new();
    private byte[]? _last;
    private int _lastLength = -1;
    private long _overwritten;
    private long _leftOut;

    public void Take(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
            return;
        if (_overwritten == 0 && !lines.Contains((byte)'\r'))
        {
            write(OutputLines.Text(lines));
            return;
        }

        while (!lines.IsEmpty)
        {
            var end = lines.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? lines : lines[..end];
            var isOverwritten = end >= 0 && lines[end] == '\r';
            lines = end < 0 ? [] : lines[(end + 1)..];
            if (isOverwritten && lines is [(byte)'\n', ..])
            {
                isOverwritten = false;
                lines = lines[1..];
            }

            if (isOverwritten)
            {
                Overwritten(line);
                continue;
            }

            EndOverwritten();
            Add(Encoding.UTF8.GetString(line));
        }

        Flush();
    }

    /// <summary>Nothing more is printed.</summary>
    public void End()
    {
        EndOverwritten();
        Flush();
    }

    private void Overwritten(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8).IsEmpty)
            return; // made blank before it is written anew
        _overwritten++;
        if (_lastLength >= 0)
            _leftOut++;
        _lastLength = -1;
        if (_overwritten <= AllOf || BitOperations.IsPow2(_overwritten))
        {
            EndLeftOut();
            Add(Encoding.UTF8.GetString(line));
            return;
        }

        _last ??= new byte[LongestKept];
        _lastLength = Math.Min(line.Length, LongestKept);
        line[.._lastLength].CopyTo(_last);
    }

    private void EndOverwritten()
    {
        EndLeftOut();
        if (_lastLength >= 0)
            Add(Encoding.UTF8.GetString(_last.AsSpan(0, _lastLength)));
        (_lastLength, _overwritten) = (-1, 0);
    }

    private void EndLeftOut()
    {
        if (_leftOut > 0)
            Add(string.Create(CultureInfo.InvariantCulture, $"--- {_leftOut} lines that were overwritten are left out ---"));
        _leftOut = 0;
    }

    private void Add(string line) => _text.Append(_text.Length == 0 ? "" : "\n").Append(line);

    private void Flush()
    {
        if (_text.Length > 0)
            write(_text.ToString());
        _text.Clear();
    }
}
