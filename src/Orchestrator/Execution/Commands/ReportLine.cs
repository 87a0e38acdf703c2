using System.Globalization;
using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>
/// Reads a line that is a JSON object: <c>{"step": 3, "valLoss": 0.31}</c>. Its numbers are values; those of an object within it are named
/// <c>outer.inner</c>. NaN and infinities are understood as Python's json prints them. What is no number is left out, with the reason.
/// </summary>
internal sealed class ReportLine
{
    public const string StepName = "step";
    public const string OddStep = "is not a whole number of 64 bits, so reports are counted instead";
    private const int LongestName = 1_000;
    private const int Deepest = 64;

    private readonly List<(string Name, string Reason)> _leftOut = [];
    private (string Name, double Value)[] _metrics = new (string, double)[8];
    private int _count;

    /// <summary>The step; <see langword="null"/>: the line names none that can be kept.</summary>
    public long? Step { get; private set; }

    public ReadOnlySpan<(string Name, double Value)> Metrics => _metrics.AsSpan(0, _count);

    /// <summary>What is no number, and why it is left out.</summary>
    public IReadOnlyList<(string Name, string Reason)> LeftOut => _leftOut;

    /// <summary>Reads a line; what it says is valid until the next call.</summary>
    /// <returns>Whether it is a JSON object. It is a report if it has <see cref="Metrics"/>.</returns>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        (Step, _count) = (null, 0);
        _leftOut.Clear();
        line = TerminalCodes.Trim(line);
        if (line.Length < 2 || line[0] != '{' || line[^1] != '}')
            return false;
        var at = new Reader(line);
        return Object(ref at, "", depth: 0) && at.IsAtEnd;
    }

    private bool Object(ref Reader at, string prefix, int depth)
    {
        at.Skip((byte)'{');
        at.SkipSpace();
        if (at.Skip((byte)'}'))
            return true;
        while (true)
        {
            at.SkipSpace();
            if (at.Text() is not { } name)
                return false;
            at.SkipSpace();
            if (!at.Skip((byte)':'))
                return false;
            at.SkipSpace();
            if (!Value(ref at, prefix.Length == 0 ? name : $"{prefix}.{name}", name, depth + 1))
                return false;
            at.SkipSpace();
            if (at.Skip((byte)'}'))
                return true;
            if (!at.Skip((byte)','))
                return false;
        }
    }

    private bool Value(ref Reader at, string path, string name, int depth)
    {
        switch (at.Next)
        {
            case (byte)'{':
                return depth < Deepest && Object(ref at, path, depth);
            case (byte)'[':
                LeaveOut(path, "is a list");
                return List(ref at, depth);
            case (byte)'"':
                LeaveOut(path, "is a text");
                return at.Text() is not null;
            case (byte)'t' or (byte)'f':
                LeaveOut(path, "is true or false");
                return at.Word("true"u8) || at.Word("false"u8);
            case (byte)'n':
                LeaveOut(path, "is null");
                return at.Word("null"u8);
        }

        if (at.Number(out var whole) is not { } value)
            return false;
        if (path == StepName)
            SetStep(value, whole);
        else if (name.Length == 0)
            LeaveOut(path, "has no name");
        else if (path.Length > LongestName)
            LeaveOut(path[..40] + "...", string.Create(CultureInfo.InvariantCulture, $"has a name of more than {LongestName} characters"));
        else
            Add(path, value);
        return true;
    }

    private static bool List(ref Reader at, int depth)
    {
        at.Skip((byte)'[');
        at.SkipSpace();
        if (at.Skip((byte)']'))
            return true;
        // What is in a list is left out with it: it is read only to know that the line is an object.
        var within = new ReportLine();
        while (true)
        {
            at.SkipSpace();
            if (depth >= Deepest || !within.Value(ref at, "item", "item", depth + 1))
                return false;
            at.SkipSpace();
            if (at.Skip((byte)']'))
                return true;
            if (!at.Skip((byte)','))
                return false;
        }
    }

    private void SetStep(double value, long? whole)
    {
        if (whole is null && value == Math.Floor(value) && Math.Abs(value) < 1L << 53)
            whole = (long)value;
        if (whole is { } step)
            Step = step;
        else
            LeaveOut(StepName, OddStep);
    }

    private void LeaveOut(string name, string reason) => _leftOut.Add((name, reason));

    private void Add(string name, double value)
    {
        if (_count == _metrics.Length)
            Array.Resize(ref _metrics, _count * 2);
        _metrics[_count++] = (name, value);
    }

    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public readonly byte Next => _left.IsEmpty ? (byte)0 : _left[0];

        public void SkipSpace() => _left = _left.TrimStart(" \t"u8);

        public bool Skip(byte expected)
        {
            if (Next != expected || IsAtEnd)
                return false;
            _left = _left[1..];
            return true;
        }

        public bool Word(ReadOnlySpan<byte> expected)
        {
            if (!_left.StartsWith(expected))
                return false;
            _left = _left[expected.Length..];
            return true;
        }

        public string? Text()
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

        /// <param name="whole">The number, where it is written as a whole one of 64 bits.</param>
        public double? Number(out long? whole)
        {
            whole = null;
            var end = _left.IndexOfAny(", \t}]"u8);
            var word = end < 0 ? _left : _left[..end];
            _left = _left[word.Length..];
            if (word.SequenceEqual("NaN"u8))
                return double.NaN;
            if (word.SequenceEqual("Infinity"u8))
                return double.PositiveInfinity;
            if (word.SequenceEqual("-Infinity"u8))
                return double.NegativeInfinity;
            // Not what double.Parse alone would take: a sign in front, a point at the end, a word.
            if (word.IsEmpty || !(char.IsAsciiDigit((char)word[0]) || word[0] == '-') || !char.IsAsciiDigit((char)word[^1])
                || !double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
                return null;
            if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
                whole = integer;
            return value;
        }

        private static string? Unescaped(ReadOnlySpan<byte> raw)
        {
            try
            {
                var json = new System.Text.Json.Utf8JsonReader([(byte)'"', .. raw, (byte)'"']);
                json.Read();
                return json.GetString();
            }
            catch (Exception cause) when (cause is System.Text.Json.JsonException or InvalidOperationException)
            {
                return null; // an escape that there is none, or half of a surrogate pair
            }
        }
    }
}
