using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Configuration;

namespace Orchestrator.Querying;

/// <summary>
/// Moments as people write them: <c>2026-03-01</c>, <c>2026-03-01T12:30</c>, <c>2026-03-01 12:30:05.5 +02:00</c>, <c>2h ago</c>, <c>now</c>. Without a
/// zone it is UTC.
/// </summary>
internal static partial class MomentText
{
    public const string Expected = "is no moment. Write 2026-03-01, 2026-03-01T12:30 or 2026-03-01 12:30:05 +02:00 (UTC without a zone), or '2h ago'.";

    /// <summary>Reads a moment; <see langword="null"/>: it is none.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (text == "now")
            return now;
        if (text.EndsWith(" ago", StringComparison.Ordinal))
            return DurationText.Read(text[..^4].TrimEnd()) is { } ago && ago <= DurationText.Longest ? now - ago : null;
        if (Pattern().Match(text) is not { Success: true } match)
            return null;
        var zone = match.Groups["zone"].Value;
        var offset = zone is "" or "Z" or "z" ? TimeSpan.Zero : OffsetOf(zone);
        var clock = match.Groups["time"] is { Success: true } time ? time.Value : "00:00";
        var seconds = match.Groups["seconds"] is { Success: true } given ? given.Value : ":00";
        var fraction = (match.Groups["fraction"] is { Success: true } part ? "." + part.Value : ".").PadRight(8, '0')[..8];
        return offset is { } east && DateTime.TryParseExact(
            $"{match.Groups["date"].Value}T{clock}{seconds}{fraction}", "yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Ticks >= east.Ticks && DateTime.MaxValue.Ticks - local.Ticks >= -east.Ticks
            ? new DateTimeOffset(local, east)
            : null;
    }

    /// <summary>A moment as text that sorts as the moments do.</summary>
    public static string Canonical(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static TimeSpan? OffsetOf(string zone)
    {
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        var offset = new TimeSpan(int.Parse(digits[..2], CultureInfo.InvariantCulture), int.Parse(digits[2..], CultureInfo.InvariantCulture), 0);
        return offset > TimeSpan.FromHours(14) || digits[2] > '5' ? null : zone[0] == '-' ? -offset : offset;
    }

    [GeneratedRegex(@"^(?<date>\d{4}-\d\d-\d\d)(?:[Tt ](?<time>\d\d:\d\d)(?<seconds>:\d\d)?(?:(?<=:\d\d:\d\d)[.,](?<fraction>\d{1,9}))?(?: ?(?<zone>[Zz]|[+-]\d\d(?::?\d\d)?))?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
