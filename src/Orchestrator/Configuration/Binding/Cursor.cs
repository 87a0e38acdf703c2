using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>
/// A place in a checked tree. Reads as absent what is absent or was found wrong, so that binding goes on past every mistake.
/// </summary>
internal readonly struct Cursor
{
    private readonly DocumentNode? _node;
    private readonly ProblemCollector _problems;

    private Cursor(DocumentNode? node, string path, ProblemCollector problems) => (_node, Path, _problems) = (node, path, problems);

    public static Cursor AtRoot(DocumentNode root, ProblemCollector problems) => new(root, "", problems);

    public string Path { get; }

    /// <summary>Whether there is something, with nothing wrong at or below it.</summary>
    public bool IsSound => _node is not null && _problems.IsSound(Path);

    public bool IsMapping => _node is MappingNode;

    public bool IsSequence => _node is SequenceNode;

    public Cursor this[string key] => new(
        (_node as MappingNode)?.TryFind(key, out var entry) == true ? entry.Value : null, JsonPointer.Append(Path, key), _problems);

    public Cursor this[int index] =>
        new((_node as SequenceNode)?.Items.ElementAtOrDefault(index), JsonPointer.Append(Path, index), _problems);

    // Not 'null': that would turn into the null value, which is something.
    public ParameterValue? Value => IsSound ? _node!.ToValue() : default(ParameterValue?);

    public string? Text => Value?.AsText();

    public bool? Boolean => Value?.AsBoolean();

    public long? Integer => Value?.AsInt64();

    public double? Number => Value?.AsDouble();

    public TimeSpan? Duration => Value is { } value ? DurationText.Read(value) : null;

    /// <summary>An amount of memory in bytes.</summary>
    public long? Size => Text is { } text ? SizeText.Parse(text) : null;

    public IEnumerable<Cursor> Items
    {
        get
        {
            var self = this;
            return Enumerable.Range(0, (_node as SequenceNode)?.Items.Count ?? 0).Select(i => self[i]);
        }
    }

    /// <summary>The entries of a mapping, each key once.</summary>
    public IEnumerable<KeyValuePair<string, Cursor>> Entries
    {
        get
        {
            var self = this;
            return (_node as MappingNode)?.Entries.Select(e => e.Key).Distinct().Select(k => KeyValuePair.Create(k, self[k])) ?? [];
        }
    }

    /// <summary>The members of an enum that a word names.</summary>
    public T? Word<T>()
        where T : struct, Enum => Text is { } word ? Words.Parse<T>(word) : null;

    /// <summary>The sound entries of a mapping as values.</summary>
    public Dictionary<string, ParameterValue> ToDictionary(params ReadOnlySpan<string> except)
    {
        var result = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var (key, cursor) in Entries)
        {
            if (cursor.Value is { } value && !except.Contains(key))
                result[key] = value;
        }

        return result;
    }
}
