using System.Globalization;

namespace Orchestrator.Execution.Causes;

/// <summary>
/// Finds in what a program printed last why it failed. Errors that follow each other count as one fault, whose first is the cause; one that was
/// followed by ordinary words was handled, where another came later. An error with a type goes before one without, and one that only says that
/// another process failed comes last. What stands behind an error, hints and warnings, does not count.
/// </summary>
internal sealed class CauseReader
{
    private const int LongestMessage = 2_000;
    private const int MostStack = 16_384;
    private const int MostInner = 16;

    private readonly string[] _lines;
    private readonly List<ProgramCause> _fault = [];
    private ProgramCause? _wrapper;
    private bool _goesOn;

    private CauseReader(string text) => _lines = LinesOf(text);

    /// <summary>The cause; <see langword="null"/>: there is no error in it.</summary>
    public static ProgramCause? Read(string text) => new CauseReader(text).Find();

    /// <summary>The lines as a terminal shows them.</summary>
    public static string[] LinesOf(string text) => [.. text.Split(['\n', '\r']).Select(l => CausePatterns.Colour().Replace(l, ""))];

    private ProgramCause? Find()
    {
        for (var at = 0; at < _lines.Length;)
        {
            var next = at;
            if (ErrorAt(ref next) is { } cause)
                Add(cause);
            else if (IsOrdinary(_lines[at]))
                _goesOn = _fault.Count > 0;
            at = Math.Max(next, at + 1);
        }

        return _fault.Find(c => c.Type is not null) ?? _fault.FirstOrDefault() ?? _wrapper;
    }

    private void Add(ProgramCause cause)
    {
        if (CausePatterns.IsWrapper(cause.Type, cause.Message))
        {
            if (_fault.Count == 0 || _goesOn)
                _wrapper = cause;
            return;
        }

        if (_goesOn)
            _fault.Clear();
        _goesOn = false;
        _fault.Add(cause);
    }

    private static bool IsOrdinary(string line) =>
        line.Length > 0 && !char.IsWhiteSpace(line[0]) && !CausePatterns.IsFooter(line) && !CausePatterns.IsChain(line) && line.Trim('"').Length > 0;

    /// <summary>The error that begins at a line; <paramref name="at"/> becomes the line behind it.</summary>
    private ProgramCause? ErrorAt(ref int at)
    {
        var line = _lines[at];
        if (CausePatterns.Traceback().Match(line) is { Success: true } traceback)
            return PythonTraceback.Read(_lines, traceback, ref at);
        if (CausePatterns.Unhandled().Match(line) is { Success: true } unhandled)
            return WithFrames(unhandled.Groups["type"].Value, unhandled.Groups["message"].Value, ref at);
        if (CausePatterns.Terminate().Match(line) is { Success: true } terminated)
        {
            var type = terminated.Groups["type"].Value;
            at++;
            return at < _lines.Length && CausePatterns.What().Match(_lines[at]) is { Success: true } what
                ? Said(type, what.Groups["message"].Value)
                : Said(type, "");
        }

        if (CausePatterns.RustPanic().Match(line) is { Success: true } rust)
        {
            at++;
            var message = rust.Groups["message"] is { Success: true } old ? old.Value : at < _lines.Length ? _lines[at++] : "";
            return Said("panic", $"{message.Trim()} ({rust.Groups["place"].Value})");
        }

        if (CausePatterns.GoPanic().Match(line) is { Success: true } go)
        {
            at++;
            return Said("panic", go.Groups["message"].Value);
        }

        if (CausePatterns.NamedError().Match(line) is { Success: true } named && !named.Groups["type"].Value.EndsWith("Warning", StringComparison.Ordinal))
            return WithFrames(named.Groups["type"].Value, named.Groups["message"].Value, ref at);
        if (at + 1 < _lines.Length && CausePatterns.FramedError().Match(line) is { Success: true } framed && CausePatterns.Frame().IsMatch(_lines[at + 1]))
            return WithFrames(framed.Groups["type"].Value, framed.Groups["message"].Value, ref at);
        if (!CausePatterns.IsFooter(line) && CausePatterns.PlainError().IsMatch(line))
        {
            at++;
            return new ProgramCause(null, Short(line.Trim()), null, []);
        }

        return null;
    }

    private ProgramCause WithFrames(string type, string message, ref int at)
    {
        var first = at++;
        var inner = new List<InnerFailure>();
        for (; at < _lines.Length; at++)
        {
            if (CausePatterns.CausedBy().Match(_lines[at]) is { Success: true } cause)
            {
                if (inner.Count < MostInner)
                    inner.Add(new InnerFailure(cause.Groups["type"].Value, Short(cause.Groups["message"].Value), null));
            }
            else if (!CausePatterns.Frame().IsMatch(_lines[at]))
            {
                break;
            }
        }

        return Said(type, message, at - first > 1 ? Stack(_lines, first, at) : null, inner);
    }

    public static ProgramCause Said(string type, string message, string? stack = null, IReadOnlyList<InnerFailure>? inner = null) =>
        new(type, Short(message.Trim().Length == 0 ? type : $"{type}: {message.Trim()}"), stack, inner ?? []);

    public static string Stack(IReadOnlyList<string> lines, int first, int end)
    {
        var text = string.Join('\n', lines.Skip(first).Take(end - first)).TrimEnd();
        return text.Length <= MostStack ? text : "..." + text[^MostStack..];
    }

    public static string Short(string text) =>
        text.Length <= LongestMessage ? text : text[..LongestMessage] + string.Create(CultureInfo.InvariantCulture, $"... ({text.Length} characters in all)");
}
