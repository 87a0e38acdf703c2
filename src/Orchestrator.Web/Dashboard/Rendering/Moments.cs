using System.Globalization;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Moments: in UTC as they are served; the script shows them as "5 minutes ago", or in the zone of the browser.</summary>
internal static class Moments
{
    public static readonly Markup None = Markup.Of($"<span class=\"text-muted\">–</span>");

    /// <summary>How long ago it was.</summary>
    public static Markup Relative(DateTimeOffset? at) =>
        at is { } moment ? Markup.Of($"<span data-moment=\"{moment.ToUnixTimeSeconds()}\">{Utc(moment)}</span>") : None;

    /// <summary>Date, time and zone.</summary>
    public static Markup Exact(DateTimeOffset? at) => at is { } moment
        ? Markup.Of($"<time data-time datetime=\"{moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{Utc(moment)}</time>")
        : None;

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
