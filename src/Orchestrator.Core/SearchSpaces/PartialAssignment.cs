using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Values that are given for some parameters.</summary>
internal sealed class PartialAssignment
{
    private readonly ParameterValue[] _values;
    private readonly bool[] _given;

    private PartialAssignment(int size) => (_values, _given) = (new ParameterValue[size], new bool[size]);

    /// <summary>Whether nothing is given.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <exception cref="ArgumentException">A name is unknown, or a value is not in its parameter's domain.</exception>
    public static PartialAssignment Create(SearchSpace space, IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        var partial = new PartialAssignment(space.Parameters.Count);
        foreach (var (name, value) in values)
        {
            var parameter = space.Find(name)
                ?? throw new ArgumentException(
                    $"'{name}' is no parameter{Suggestion.Hint(name, space.Parameters.Select(p => p.Name))}", nameof(values));
            if (!parameter.Domain.TryNormalize(value, out var own))
                throw new ArgumentException(parameter.Domain.Never(name, value), nameof(values));
            partial._values[parameter.Index] = own;
            partial._given[parameter.Index] = true;
            partial.IsEmpty = false;
        }

        return partial;
    }

    /// <summary>The value given for a parameter, if there is one.</summary>
    public bool TryGet(int slot, out ParameterValue value)
    {
        value = _values[slot];
        return _given[slot];
    }
}
