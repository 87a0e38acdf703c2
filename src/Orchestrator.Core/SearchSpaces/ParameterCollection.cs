using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Orchestrator;

/// <summary>Names to parameters, in the order in which they were added. Setting a name again keeps its place.</summary>
public sealed class ParameterCollection : IEnumerable<KeyValuePair<string, Parameter>>
{
    private readonly OrderedDictionary<string, Parameter> _items = new(StringComparer.Ordinal);

    /// <summary>How many names there are; a group counts once.</summary>
    public int Count => _items.Count;

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter this[string name]
    {
        get => _items[name];
        set => _items[name] = value;
    }

    /// <summary>Adds a parameter.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Parameter parameter) => _items.Add(name, parameter);

    /// <summary>The parameter of that name, if there is one.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out Parameter? parameter) => _items.TryGetValue(name, out parameter);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Parameter>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
