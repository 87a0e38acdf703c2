using System.Globalization;
using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>
/// A line of a command's standard output that is a JSON object of numbers: <c>{"step": 3, "valLoss": 0.31}</c>. NaN and infinities are
/// understood as Python's json prints them. Everything else is no report.
/// </summary>
internal sealed class ReportLine
{
    private const string StepName = "step";
    private (string Name, double Value)[] _metrics = new (string, double)[8];
    private int _count;

    /// <summary>The step; <see langword="null"/>: the line names none.</summary>
    public long? Step { get; private set; }

    public ReadOnlySpan<(string Name, double Value)> Metrics => _metrics.AsSpan(0, _count);

    /// <summary>Reads a line; what it says is valid until the next call.</summary>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        (Step, _count) = (null, 0);
        line = line.Trim(" \t\r\n"u8);
        if (line.Length < 2 || line[0] != '{' || line[^1] != '}')
            return false;
        var at = new Reader(line[1..^1]);
        at.SkipSpace();
        if (at.IsAtEnd)
            return false;
        while (true)
        {
            at.SkipSpace();
            if (at.Name() is not { } name)
                return false;
            at.SkipSpace();
            if (!at.Skip((byte)':'))
                return false;
            at.SkipSpace();
            if (at.Number() is not { } value)
                return false;
            if (!Add(name, value))
                return false;
            at.SkipSpace();
            if (at.IsAtEnd)
                return _count > 0;
            if (!at.Skip((byte)','))
                return false;
        }
    }

    private bool Add(string name, double value)
    {
        if (name == StepName)
        {
            if (value != Math.Floor(value) || Math.Abs(value) > 9e15)
                return false;
            Step = (long)value;
            return true;
        }

        if (name.Length is 0 or > 1_000)
            return false;
        if (_count == _metrics.Length)
            Array.Resize(ref _metrics, _count * 2);
        _metrics[_count++] = (name, value);
        return true;
    }

    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public void SkipSpace() => _left = _left.TrimStart(" \t"u8);

        public bool Skip(byte expected)
        {
            if (_left.IsEmpty || _left[0] != expected)
                return false;
            _left = _left[1..];
            return true;
        }

        public string? Name()
        {
            if (!Skip((byte)'"'))
                return null;
            for (var end = 0; end < _left.Length; end++)
            {
                if (_left[end] == '\\')
                    end++;
                else if (_left[end] == '"')
                {
                    var raw = _left[..end];
                    _left = _left[(end + 1)..];
                    return raw.Contains((byte)'\\') ? Unescaped(raw) : Encoding.UTF8.GetString(raw);
                }
            }

            return null;
        }

        public double? Number()
        {
            var end = _left.IndexOfAny(", \t"u8);
            var word = end < 0 ? _left : _left[..end];
            _left = _left[word.Length..];
            if (word.SequenceEqual("NaN"u8))
                return double.NaN;
            if (word.SequenceEqual("Infinity"u8))
                return double.PositiveInfinity;
            if (word.SequenceEqual("-Infinity"u8))
                return double.NegativeInfinity;
            // Not what double.Parse alone would take: a sign in front, a point at the end, a word.
            return !word.IsEmpty && (char.IsAsciiDigit((char)word[0]) || word[0] == '-') && char.IsAsciiDigit((char)word[^1])
                && double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
        }

        private static string? Unescaped(ReadOnlySpan<byte> raw)
        {
            try
            {
                var json = new System.Text.Json.Utf8JsonReader([(byte)'"', .. raw, (byte)'"']);
                json.Read();
                return json.GetString();
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }
}
