using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>The tags and attributes of a sweep or experiment, which its runs have as well.</summary>
internal sealed record SqliteLabels(IReadOnlyList<string> Tags, IReadOnlyList<KeyValuePair<string, ParameterValue>> Attributes)
{
    public static SqliteLabels None { get; } = new([], []);

    public static SqliteLabels OfSweep(SqliteConnection connection, long sweep) => new(
        connection.Query("SELECT tag FROM sweep_tags WHERE sweep = $key ORDER BY position", r => r.GetString(0), ("$key", sweep)),
        connection.Query(
            "SELECT name, value FROM sweep_attributes WHERE sweep = $key ORDER BY position",
            r => KeyValuePair.Create(r.GetString(0), SqliteSweepReader.ValueOf(r.GetString(1))),
            ("$key", sweep)));

    /// <summary>The sweep's tags, then the run's own.</summary>
    public IReadOnlyList<string> With(IReadOnlyList<string>? own) =>
        own is null ? Tags : Tags.Count == 0 ? own : [.. Tags.Concat(own).Distinct(StringComparer.Ordinal)];

    /// <summary>The sweep's attributes, then the run's own; of one name the run's counts.</summary>
    public Dictionary<string, ParameterValue> With(IReadOnlyList<KeyValuePair<string, ParameterValue>>? own)
    {
        var all = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var (name, value) in Attributes.Concat(own ?? []))
            all[name] = value;
        return all;
    }
}
