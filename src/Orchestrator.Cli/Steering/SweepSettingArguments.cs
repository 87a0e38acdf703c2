using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Cli.Steering;

/// <summary>Reads <c>key=value</c> arguments of what may be set while a sweep stands.</summary>
internal static class SweepSettingArguments
{
    private const string Group = "limits.";

    private static readonly Dictionary<string, Func<SweepSettings, string, SweepSettings>> Keys = new(StringComparer.Ordinal)
    {
        ["limits.maxRuns"] = (settings, text) => settings with { MaxRuns = Whole<long>("limits.maxRuns", text) },
        ["limits.maxConcurrent"] = (settings, text) => settings with { MaxConcurrent = Whole<int>("limits.maxConcurrent", text) },
        ["limits.duration"] = (settings, text) => settings with { Duration = Duration("limits.duration", text) },
        ["priority"] = (settings, text) => settings with { Priority = Whole<int>("priority", text) },
        ["timeout"] = (settings, text) => settings with { Timeout = Duration("timeout", text) },
        ["retry.maxAttempts"] = (settings, text) => settings with { MaxAttempts = Whole<int>("retry.maxAttempts", text) },
        ["retry.backoff"] = (settings, text) => settings with { Backoff = Duration("retry.backoff", text, orNone: true) },
        ["resources.memory"] = (settings, text) => settings with { Memory = Size("resources.memory", text) },
        ["resources.artifacts"] = (settings, text) => settings with { Artifacts = Size("resources.artifacts", text) },
        ["resources.log"] = (settings, text) => settings with { Log = Size("resources.log", text) },
    };

    /// <summary>What may be set, for help.</summary>
    public static string KnownKeys => string.Join(", ", Keys.Keys);

    /// <summary>Whether a text is a setting, and not a sweep; a sweep whose name has an equals sign goes by its id.</summary>
    public static bool IsSetting(string text) => text.Contains('=', StringComparison.Ordinal);

    /// <exception cref="CliException">A key is unknown or stands twice, or a value is none of its key's.</exception>
    public static SweepSettings Read(IEnumerable<string> arguments)
    {
        var settings = new SweepSettings();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var end = argument.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
                throw CliException.Usage($"'{argument}' is no key=value. What may be set: {KnownKeys}.");
            var key = FullKey(argument[..end]);
            if (!Keys.TryGetValue(key, out var set))
                throw CliException.Usage($"'{argument[..end]}' cannot be set{Suggestion.Hint(argument[..end], Keys.Keys)}");
            if (!seen.Add(key))
                throw CliException.Usage($"{key} stands twice.");
            settings = set(settings, argument[(end + 1)..].Trim());
        }

        return settings;
    }

    /// <summary>The members of <c>limits</c> are known without it, too.</summary>
    private static string FullKey(string key) => Keys.ContainsKey(Group + key) ? Group + key : key;

    private static T Whole<T>(string key, string text)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw CliException.Usage($"{key} takes a whole number, not '{text}'.");

    private static long Size(string key, string text) => SizeText.Parse(text) is > 0 and var bytes
        ? bytes
        : throw CliException.Usage($"{key} takes a size such as 8GiB or 500MiB, not '{text}'.");

    private static TimeSpan Duration(string key, string text, bool orNone = false)
    {
        ParameterValue scalar = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : text;
        return DurationText.Read(scalar) is { } duration && (duration > TimeSpan.Zero || (orNone && duration == TimeSpan.Zero)) && duration <= DurationText.Longest
            ? duration
            : throw CliException.Usage(
                $"{key} takes a length of time such as 4h, 1h30m or 90s, at most {DurationText.Longest.TotalDays:0}d, not '{text}'.");
    }
}
