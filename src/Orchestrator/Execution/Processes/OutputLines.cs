using System.Buffers;
using System.Text;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// Whole lines of what a process prints, as they are read from its pipe; a carriage return ends one, too. Holds at most a buffer: a longer line is
/// handed over in parts.
/// </summary>
/// <param name="pipe">Its end of what the process prints; disposed with this.</param>
internal sealed class OutputLines(IByteSource pipe) : IDisposable
{
    /// <summary>What is held of a line that has not ended.</summary>
    public const int LongestLine = 1024 * 1024;

    private const int Size = 64 * 1024;
    private byte[] _buffer = [];
    private int _length;
    private int _room = Size;

    /// <summary>The pipe, while anybody may still write to it.</summary>
    public IByteSource? Pipe => IsAtEnd ? null : pipe;

    public bool IsAtEnd { get; private set; }

    /// <summary>Takes what is there, one buffer of it.</summary>
    /// <param name="take">Is given lines, each with its end; the last may have none, where the line is longer than a buffer.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Read(Action<ReadOnlySpan<byte>> take)
    {
        if (IsAtEnd)
            return false;
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(Size); // a short command's would cost more than the command says
        var count = pipe.Read(_buffer.AsSpan(_length, _room - _length));
        if (count < 0)
            return false;
        IsAtEnd = count == 0;
        _length += count;
        var whole = IsAtEnd ? _length : _buffer.AsSpan(0, _length).LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
        if (whole == 0 && _length == _room && !Grow())
            whole = _length;
        if (whole > 0)
        {
            take(_buffer.AsSpan(0, whole));
            _buffer.AsSpan(whole, _length - whole).CopyTo(_buffer);
            _length -= whole;
        }

        return !IsAtEnd;
    }

    private bool Grow()
    {
        if (_room == LongestLine)
            return false;
        _room *= 2;
        var larger = ArrayPool<byte>.Shared.Rent(_room);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }

    /// <summary>Takes everything that was written before now, the line that has no end yet included.</summary>
    public void Drain(Action<ReadOnlySpan<byte>> take)
    {
        // Not for ever: who goes on writing is not waited for.
        for (var i = 0; i < 64 && Read(take); i++)
        {
        }

        if (_length > 0)
            take(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    /// <summary>A run has ended that prints here: draining from now on takes all that it printed.</summary>
    public void ExpectMark() => pipe.ExpectMark();

    public void Dispose()
    {
        pipe.Dispose();
        if (Interlocked.Exchange(ref _buffer, []) is { Length: > 0 } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>The text of lines, without the last one's end.</summary>
    public static string Text(ReadOnlySpan<byte> lines)
    {
        if (lines.EndsWith("\n"u8))
            lines = lines[..^1];
        var text = Encoding.UTF8.GetString(lines);
        return text.Contains('\r') ? text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\r') : text;
    }
}
