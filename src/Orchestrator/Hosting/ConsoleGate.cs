using System.Text;

namespace Orchestrator.Hosting;

/// <summary>
/// While it is open, whole lines that anyone writes to the console (the log, the tracker <c>console</c>, user code) are handed to a
/// live table, which prints them above itself; the table alone writes to <see cref="Terminal"/>. Closing it restores the console.
/// </summary>
/// <remarks>
/// The console is the process's, so this replaces <see cref="Console.Error"/> (and <see cref="Console.Out"/> where it is the
/// terminal, too) rather than a sink: prints of user code would tear the table just as well. The handler is called by one
/// thread at a time and gets lines without their end, colour codes included; it must not write to <see cref="Console"/>.
/// </remarks>
internal sealed class ConsoleGate : IDisposable
{
    private readonly LineWriter _error;
    private readonly LineWriter? _output;
    private readonly TextWriter _replacedError;
    private readonly TextWriter? _replacedOutput;

    private ConsoleGate(Action<string> print, bool includeOutput)
    {
        var gate = new Lock();
        _error = new LineWriter(print, Console.Error, gate);
        Console.SetError(_error);
        _replacedError = Console.Error; // not _error itself: the console wraps it
        if (!includeOutput)
            return;
        _output = new LineWriter(print, Console.Out, gate);
        Console.SetOut(_output);
        _replacedOutput = Console.Out;
    }

    /// <summary>The console's own standard error, for the table.</summary>
    public TextWriter Terminal => _error.Inner;

    /// <param name="print">Prints one line above the table.</param>
    /// <param name="includeOutput">Whether standard output is on the same terminal.</param>
    public static ConsoleGate Open(Action<string> print, bool includeOutput) => new(print, includeOutput);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Only what is still ours is put back: somebody else may have replaced it since.
        if (ReferenceEquals(Console.Error, _replacedError))
            Console.SetError(_error.Inner);
        if (_output is not null && ReferenceEquals(Console.Out, _replacedOutput))
            Console.SetOut(_output.Inner);
        _error.Close();
        _output?.Close();
    }

    /// <summary>
    /// Collects characters to lines. The writers of one gate share a lock, so that the handler is called by one at a time. Whoever
    /// kept the writer beyond the gate's end writes to the console's own again.
    /// </summary>
    private sealed class LineWriter(Action<string> print, TextWriter inner, Lock gate) : TextWriter
    {
        private readonly StringBuilder _line = new();
        private bool _closed;

        public TextWriter Inner => inner;

        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            lock (gate)
            {
                if (_closed)
                {
                    inner.Write(buffer);
                    return;
                }

                while (buffer.IndexOf('\n') is >= 0 and var end)
                {
                    _line.Append(buffer[..end]);
                    Print();
                    buffer = buffer[(end + 1)..];
                }

                _line.Append(buffer);
            }
        }

        public override void Flush()
        {
            lock (gate)
            {
                if (_closed)
                    inner.Flush();
            }
        }

        /// <summary>Hands over a line that has no end yet.</summary>
        public override void Close()
        {
            lock (gate)
            {
                if (_line.Length > 0)
                    Print();
                _closed = true;
            }
        }

        private void Print()
        {
            if (_line.Length > 0 && _line[^1] == '\r')
                _line.Length--;
            var line = _line.ToString();
            _line.Clear();
            print(line);
        }
    }
}
