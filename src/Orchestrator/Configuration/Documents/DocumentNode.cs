using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Configuration;

/// <summary>A place in a file: line and column from 1, the column in UTF-16 characters, as editors count.</summary>
internal readonly record struct Place(string File, int Line, int Column);

/// <summary>A node of a sweep file that knows its place; the same tree for JSON and YAML.</summary>
internal abstract class DocumentNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What stands here, for messages: <c>text 'adam'</c>, <c>a list</c>.</summary>
    public abstract string Described { get; }

    /// <summary>The node as a value; of a key that stands twice, the first counts.</summary>
    public abstract ParameterValue ToValue();

    /// <summary>How many nodes there are from here on down, this one included.</summary>
    public abstract int CountNodes();

    /// <summary>How many levels there are from here on down; 1 for a scalar.</summary>
    public abstract int CountLevels();

    /// <summary>A deep copy that stands elsewhere; what is inside keeps its places.</summary>
    public abstract DocumentNode CopyTo(Place place);
}

/// <summary>A scalar.</summary>
internal sealed class ScalarNode(Place place, ParameterValue value) : DocumentNode(place)
{
    private const int LongestShown = 60;

    public ParameterValue Value { get; } = value;

    /// <summary>What is written where it is an integer that 64 bits cannot hold, and the value only a float near it; else <see langword="null"/>.</summary>
    public string? LargeInteger { get; init; }

    public override string Described => Value.Kind switch
    {
        ParameterKind.Text => $"the text {Clip(Value.AsText())}",
        ParameterKind.Integer or ParameterKind.Float => $"the number {Value}",
        ParameterKind.Null => "empty (null)",
        _ => Value.ToString(),
    };

    public override ParameterValue ToValue() => Value;

    public override int CountNodes() => 1;

    public override int CountLevels() => 1;

    public override DocumentNode CopyTo(Place place) => new ScalarNode(place, Value) { LargeInteger = LargeInteger };

    /// <summary>Quoted, on one line, and short enough to be read.</summary>
    public static string Clip(string text)
    {
        if (text.Length <= LongestShown)
            return $"'{OnOneLine(text)}'";
        var end = LongestShown - 3;
        return $"'{OnOneLine(text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)])}...'";
    }

    /// <summary>A text without line breaks and other control characters: a problem is one line, also on a terminal.</summary>
    public static string OnOneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}

/// <summary>A list.</summary>
internal sealed class SequenceNode(Place place) : DocumentNode(place)
{
    public List<DocumentNode> Items { get; } = [];

    public override string Described => "a list";

    public override ParameterValue ToValue() => ParameterValue.FromList(Items.Select(i => i.ToValue()));

    public override int CountNodes() => 1 + Items.Sum(i => i.CountNodes());

    public override int CountLevels() => 1 + Items.Select(i => i.CountLevels()).DefaultIfEmpty().Max();

    public override DocumentNode CopyTo(Place place)
    {
        var copy = new SequenceNode(place);
        copy.Items.AddRange(Items.Select(i => i.CopyTo(i.Place)));
        return copy;
    }
}

/// <summary>
/// A mapping of keys to nodes, in file order. A key that stands twice stands here twice, too: it is an error found later.
/// </summary>
internal sealed class MappingNode(Place place) : DocumentNode(place)
{
    private readonly List<MappingEntry> _entries = [];
    private readonly Dictionary<string, MappingEntry> _firstByKey = new(StringComparer.Ordinal);

    public IReadOnlyList<MappingEntry> Entries => _entries;

    public override string Described => "a mapping";

    public void Add(string key, Place keyPlace, DocumentNode value)
    {
        var entry = new MappingEntry(key, keyPlace, value);
        _entries.Add(entry);
        _firstByKey.TryAdd(key, entry);
    }

    public bool TryFind(string key, [NotNullWhen(true)] out MappingEntry? entry) => _firstByKey.TryGetValue(key, out entry);

    public override ParameterValue ToValue() =>
        ParameterValue.FromMap(_firstByKey.Values.Select(e => KeyValuePair.Create(e.Key, e.Value.ToValue())));

    public override int CountNodes() => 1 + _entries.Sum(e => e.Value.CountNodes());

    public override int CountLevels() => 1 + _entries.Select(e => e.Value.CountLevels()).DefaultIfEmpty().Max();

    public override DocumentNode CopyTo(Place place)
    {
        var copy = new MappingNode(place);
        foreach (var entry in _entries)
            copy.Add(entry.Key, entry.KeyPlace, entry.Value.CopyTo(entry.Value.Place));
        return copy;
    }
}

/// <summary>One key of a mapping and what it names.</summary>
internal sealed class MappingEntry(string key, Place keyPlace, DocumentNode value)
{
    public string Key { get; } = key;

    public Place KeyPlace { get; set; } = keyPlace;

    public DocumentNode Value { get; set; } = value;
}
