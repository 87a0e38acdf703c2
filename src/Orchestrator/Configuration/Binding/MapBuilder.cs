namespace Orchestrator.Configuration;

/// <summary>Puts a mapping together, leaving out what is absent or empty.</summary>
internal sealed class MapBuilder
{
    private readonly List<KeyValuePair<string, ParameterValue>> _entries = [];

    public IEnumerable<KeyValuePair<string, ParameterValue>> Entries => _entries;

    public MapBuilder Add(string key, ParameterValue value) => value.Kind == ParameterKind.Null ? this : AddAlways(key, value);

    public MapBuilder Add(string key, long? value) => value is { } number ? AddAlways(key, number) : this;

    public MapBuilder Add(string key, TimeSpan? value) => value is { } duration ? AddAlways(key, DurationText.Write(duration)) : this;

    public MapBuilder AddAlways(string key, ParameterValue value)
    {
        _entries.Add(KeyValuePair.Create(key, value));
        return this;
    }

    public void AddList(string key, IEnumerable<ParameterValue> items)
    {
        var list = ParameterValue.FromList(items);
        if (list.Items.Count > 0)
            AddAlways(key, list);
    }

    public void AddMap(string key, IEnumerable<KeyValuePair<string, ParameterValue>> entries)
    {
        var map = ParameterValue.FromMap(entries);
        if (map.Entries.Count > 0)
            AddAlways(key, map);
    }

    public ParameterValue Build() => ParameterValue.FromMap(_entries);
}
