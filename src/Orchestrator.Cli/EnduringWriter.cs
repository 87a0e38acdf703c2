using System.Text;

namespace Orchestrator.Cli;

/// <summary>
/// A terminal that may close while a sweep goes on: what can no longer be written is dropped, and ends nothing. Only for what is not the
/// program's result.
/// </summary>
internal sealed class EnduringWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(value, static (to, c) => to.Write(c));

    public override void Write(string? value) => Try(value, static (to, text) => to.Write(text));

    public override void Write(char[] buffer, int index, int count) => Try((buffer, index, count), static (to, part) => to.Write(part.buffer, part.index, part.count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException)
        {
            // the terminal is gone
        }
    }

    public override void Flush() => Try(0, static (to, _) => to.Flush());

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        try
        {
            write(inner, value);
        }
        catch (IOException)
        {
            // the terminal is gone
        }
    }
}
