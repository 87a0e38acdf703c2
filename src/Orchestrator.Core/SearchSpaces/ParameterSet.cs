using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>
/// The parameters of one run: names to values, in the order of the sweep file, inactive parameters left out.
/// A parameter of a nested group is named <c>group.name</c>. Immutable; two sets with the same names and values are equal.
/// </summary>
[JsonConverter(typeof(ParameterSetJsonConverter))]
public sealed class ParameterSet : IReadOnlyList<KeyValuePair<string, ParameterValue>>, IEquatable<ParameterSet>
{
    private readonly string[] _names;
    private readonly ParameterValue[] _values;

    /// <summary>A set of the given entries, in their order.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> entries)
    {
        var list = entries.ToArray();
        _names = Array.ConvertAll(list, e => e.Key);
        _values = Array.ConvertAll(list, e => e.Value);
        if (_names.Distinct(StringComparer.Ordinal).Count() != _names.Length)
            throw new ArgumentException($"The parameter name '{_names.GroupBy(n => n, StringComparer.Ordinal).First(g => g.Count() > 1).Key}' stands twice.", nameof(entries));
    }

    /// <summary>Takes both arrays over without a copy: samplers share one array of names among all sets of the same shape.</summary>
    internal ParameterSet(string[] names, ParameterValue[] values) => (_names, _values) = (names, values);

    /// <summary>A set without parameters.</summary>
    public static ParameterSet Empty { get; } = new([], []);

    /// <summary>How many parameters are active.</summary>
    public int Count => _names.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, ParameterValue> this[int index] => KeyValuePair.Create(_names[index], _values[index]);

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="KeyNotFoundException">No such parameter; the message lists those there are.</exception>
    public ParameterValue this[string name] => TryGetValue(name, out var value)
        ? value
        : throw new KeyNotFoundException(
            $"The run has no parameter '{name}' (or it is inactive here). It has: {(Count == 0 ? "none" : string.Join(", ", _names))}.");

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether the parameter is active in this set.</summary>
    public bool Contains(string name) => Array.IndexOf(_names, name) >= 0;

    /// <summary>The value of a parameter, if it is active.</summary>
    public bool TryGetValue(string name, out ParameterValue value)
    {
        var index = Array.IndexOf(_names, name);
        value = index < 0 ? default : _values[index];
        return index >= 0;
    }

    /// <summary>The value of a parameter as <typeparamref name="T"/> (see <see cref="ParameterValue.As{T}"/>).</summary>
    /// <exception cref="KeyNotFoundException">No such parameter, or it is inactive.</exception>
    /// <exception cref="InvalidCastException">The value is of another type; the message names the parameter.</exception>
    public T Get<T>(string name)
    {
        var value = this[name];
        try
        {
            return value.As<T>();
        }
        catch (InvalidCastException cause)
        {
            throw new InvalidCastException($"Parameter '{name}': {cause.Message}", cause);
        }
    }

    /// <summary>As <see cref="Get{T}(string)"/>, but <paramref name="fallback"/> where the parameter is absent or inactive.</summary>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? Get<T>(string name, T? fallback) => Contains(name) ? Get<T>(name) : fallback;

    /// <summary>These with others on top: a name that is here gets the new value in its place, others come after it.</summary>
    public ParameterSet With(IEnumerable<KeyValuePair<string, ParameterValue>> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var all = new OrderedDictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var (name, value) in this.Concat(others))
            all[name] = value;
        return new ParameterSet(all);
    }

    /// <summary>The parameters as one JSON object.</summary>
    public string ToJson() => ParameterJson.ToJson(ParameterValue.FromMap(this));

    /// <summary>Writes the parameters as one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            writer.WritePropertyName(_names[i]);
            _values[i].WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static ParameterSet FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return FromJson(document.RootElement);
    }

    /// <summary>The parameters in a JSON object.</summary>
    public static ParameterSet FromJson(JsonElement element)
    {
        var value = ParameterValue.FromJson(element);
        return value.Kind == ParameterKind.Map
            ? new ParameterSet(value.Entries)
            : throw new JsonException("Parameters are one JSON object of names to values.");
    }

    /// <inheritdoc/>
    public bool Equals(ParameterSet? other) =>
        other is not null && _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < _names.Length; i++)
        {
            hash.Add(_names[i], StringComparer.Ordinal);
            hash.Add(_values[i]);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>name=value name=value</c>.</summary>
    public override string ToString() => string.Join(' ', this.Select(e => $"{e.Key}={e.Value}"));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
            yield return KeyValuePair.Create(_names[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
