using System.Globalization;

namespace Orchestrator.Tracking;

/// <summary>Times as trackers and logs write them: UTC, ISO 8601.</summary>
internal static class Timestamps
{
    /// <summary>To the millisecond, for people.</summary>
    public static string Utc(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>To the microsecond, for programs.</summary>
    public static string Precise(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
