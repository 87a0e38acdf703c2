using System.Globalization;
using System.Text;
using Orchestrator.Configuration;

namespace Orchestrator.Presentation;

/// <summary>Values as a person reads them.</summary>
internal static class Human
{
    private const int Digits = 5;
    private const int MostFailureCharacters = 200;

    /// <summary>A metric: five significant digits.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        return size is 0 or (>= 1e-4 and < 1e7) ? Fixed(value, size) : value.ToString("0.####e0", CultureInfo.InvariantCulture);
    }

    public static string Number(double? value) => value is { } number ? Number(number) : "-";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>0.31 s</c>, <c>12.4 s</c>, <c>3:07</c>, <c>2:03:07</c>, <c>3 d 02:03</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 0.001 => "<1 ms",
        < 0.0995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds):0} s"),
        < 3600 => TimeSpan.FromSeconds(seconds).ToString(@"m\:ss", CultureInfo.InvariantCulture),
        < 86400 => TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        < 1e9 => TimeSpan.FromSeconds(seconds).ToString(@"d' d 'hh\:mm", CultureInfo.InvariantCulture),
        _ => "years",
    };

    public static string Duration(double? seconds) => seconds is { } value ? Duration(value) : "-";

    /// <summary>How long a sweep was executed; a dash where that is not known, as of one that was killed before anything was recorded.</summary>
    public static string Elapsed(SweepRecord sweep) => sweep is { Kind: ExperimentKind.Sweep, ElapsedSeconds: > 0 } ? Duration(sweep.ElapsedSeconds) : "-";

    /// <summary>A moment, in the local time zone, which it names.</summary>
    public static string Moment(DateTimeOffset? at) =>
        at is { } moment ? moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "-";

    /// <summary>A parameter; floats as short as metrics, text as it is.</summary>
    public static string Value(ParameterValue value) => value.Kind == ParameterKind.Float ? Number(value.AsDouble()) : Line(value.ToString());

    /// <summary><c>name=value name=value</c>.</summary>
    public static string Parameters(IEnumerable<KeyValuePair<string, ParameterValue>> parameters) =>
        string.Join(' ', parameters.Select(p => $"{p.Key}={Value(p.Value)}"));

    /// <summary>A run's number as its id writes it.</summary>
    public static string Run(long number) => number.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A member of an enum as the word that files and JSON use.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => Words.Of(value);

    /// <summary><c>kind: first line of the message</c>.</summary>
    public static string Failure(RunFailure failure) => $"{Word(failure.Kind)}: {Shorten(Line(failure.Message), MostFailureCharacters)}";

    /// <summary>The first line, without control characters: what user code says must not move a terminal's cursor.</summary>
    public static string Line(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        return line.Any(char.IsControl) ? string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)) : line;
    }

    /// <summary>Several lines without control characters.</summary>
    public static string Lines(string text) =>
        text.Any(IsHarmful) ? new StringBuilder(text.Length).AppendJoin("", text.Where(c => !IsHarmful(c))).ToString() : text;

    /// <summary>At most so many characters, the last one an ellipsis if something was cut off.</summary>
    public static string Shorten(string text, int most) => text.Length <= most ? text : most <= 1 ? "…" : text[..(most - 1)] + "…";

    /// <summary>The counts by state that are not zero.</summary>
    public static string Counts(RunCounts counts)
    {
        var parts = Enum.GetValues<RunState>().Where(s => counts[s] > 0).Select(s => $"{Count(counts[s])} {Word(s)}");
        return counts.Total == 0 ? "no runs" : string.Join(", ", parts);
    }

    private static bool IsHarmful(char c) => char.IsControl(c) && c is not '\n' and not '\t';

    private static string Fixed(double value, double size)
    {
        var digitsBefore = size < 1 ? 0 : (int)Math.Floor(Math.Log10(size)) + 1;
        var zerosAfter = size is > 0 and < 1 ? (int)Math.Floor(-Math.Log10(size)) : 0;
        var decimals = Math.Clamp(Digits - digitsBefore + zerosAfter, 0, Digits + 4);
        return value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }
}
