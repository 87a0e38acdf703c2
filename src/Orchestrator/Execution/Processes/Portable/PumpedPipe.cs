using System.Net.Sockets;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>One pipe of <see cref="PumpedBytes"/>: its thread, and the piece that was read and not yet taken. All under the gate.</summary>
/// <param name="gate">The owner's.</param>
/// <param name="mark">What the process writes to say that this was all until now; empty: nothing.</param>
/// <param name="changed">Is called whenever there is something new.</param>
internal sealed class PumpedPipe(object gate, ReadOnlyMemory<byte> mark, Action changed)
{
    private const int Size = 32 * 1024;
    private const int NoMarks = int.MaxValue;

    private readonly byte[] _piece = new byte[Size];
    private Stream? _stream;
    private int _start;
    private int _end;
    private int _marks = mark.Length == 0 ? NoMarks : 0; // that came, less those that were expected
    private bool _isStopped;

    public bool IsStarted => _stream is not null;

    public bool IsAtEnd { get; private set; }

    public bool HasBytes => _start < _end;

    /// <summary>Whether a mark that is expected has not come yet.</summary>
    public bool OwesMark => _marks < 0 && !IsAtEnd;

    public void Start(Stream stream, string name)
    {
        _stream = stream;
        new Thread(Pump, maxStackSize: 256 * 1024) { IsBackground = true, Name = name }.UnsafeStart();
    }

    public void ExpectMark()
    {
        if (_marks != NoMarks)
            _marks--;
    }

    /// <summary>One did not come: no more is waited for.</summary>
    public void GiveUpOwed()
    {
        if (OwesMark)
            _marks = NoMarks;
    }

    public int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _piece.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>Nothing comes any more.</summary>
    public void Finish()
    {
        IsAtEnd = true;
        changed();
    }

    /// <summary>Nobody takes anything any more: its thread ends with the reading that it is in.</summary>
    public void Stop()
    {
        _isStopped = true;
        changed();
    }

    private void Pump()
    {
        // Disposing of it is the reader's: .NET has whoever disposes of a pipe wait for the reading to end, which is as long as anybody
        // at the other end lives.
        using var stream = _stream!;
        Read(stream);
    }

    private void Read(Stream stream)
    {
        var held = 0; // bytes at the beginning of the piece that may be the beginning of a mark
        while (true)
        {
            int count;
            try
            {
                count = stream.Read(_piece, held, Size - held);
            }
            catch (Exception cause) when (cause is IOException or SocketException or ObjectDisposedException or InvalidOperationException or UnauthorizedAccessException)
            {
                count = 0; // whoever was on the other side is gone
            }

            lock (gate)
            {
                if (_isStopped)
                    return;
                if (count == 0)
                {
                    (_start, _end) = (0, held);
                    Finish();
                    return;
                }

                var length = TakeMarksOut(held + count, out held);
                (_start, _end) = (0, length);
                changed();
                while (HasBytes && !_isStopped)
                    Monitor.Wait(gate);
                if (_isStopped)
                    return;
                _piece.AsSpan(length, held).CopyTo(_piece);
            }
        }
    }

    /// <summary>Takes marks out, and keeps back what may be the beginning of one.</summary>
    private int TakeMarksOut(int length, out int held)
    {
        held = 0;
        if (mark.Length == 0)
            return length;
        var sought = mark.Span;
        for (int at; (at = _piece.AsSpan(0, length).IndexOf(sought)) >= 0;)
        {
            _piece.AsSpan(at + sought.Length, length - at - sought.Length).CopyTo(_piece.AsSpan(at));
            length -= sought.Length;
            if (_marks != NoMarks)
                _marks++;
        }

        for (var size = Math.Min(sought.Length - 1, length); size > 0; size--)
        {
            if (_piece.AsSpan(length - size, size).SequenceEqual(sought[..size]))
            {
                held = size;
                return length - size;
            }
        }

        return length;
    }
}
