using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// An assignment under construction: a value per parameter, by its place in the space, or inactive. Mutable and reused, so that
/// walking through a million candidates allocates nothing.
/// </summary>
internal sealed class Candidate(int size) : IExpressionValues
{
    private readonly ParameterValue[] _values = new ParameterValue[size];
    private readonly bool[] _active = new bool[size];

    /// <summary>Whether the parameter is active.</summary>
    public bool IsActive(int slot) => _active[slot];

    /// <summary>The value of an active parameter.</summary>
    public ParameterValue this[int slot] => _values[slot];

    public void Set(int slot, ParameterValue value) => (_values[slot], _active[slot]) = (value, true);

    public void Deactivate(int slot) => _active[slot] = false;

    public bool TryGet(int slot, out ParameterValue value)
    {
        value = _values[slot];
        return _active[slot];
    }
}
