namespace Orchestrator.SearchSpaces;

/// <summary>A parameter of a flattened search space.</summary>
internal sealed class SpaceParameter
{
    internal SpaceParameter(
        string name, int index, Parameter definition, Domain domain, IReadOnlyList<SpaceCondition> conditions, string path) =>
        (Name, Index, Definition, Domain, Conditions, Path) = (name, index, definition, domain, conditions, path);

    /// <summary>Its full name: <c>name</c> or <c>group.name</c>.</summary>
    public string Name { get; }

    /// <summary>Its place in <see cref="SearchSpace.Parameters"/>.</summary>
    public int Index { get; }

    /// <summary>What it was defined by; never a <see cref="ParameterGroup"/>.</summary>
    public Parameter Definition { get; }

    /// <summary>Its values and their law.</summary>
    public Domain Domain { get; }

    /// <summary>All must hold for it to be active, those of its groups among them; empty: always active.</summary>
    public IReadOnlyList<SpaceCondition> Conditions { get; }

    /// <summary>Where it stands in the sweep file, a JSON pointer.</summary>
    internal string Path { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A condition: another parameter is active and has one of some values.</summary>
/// <param name="Parent">
/// The place of the other parameter in <see cref="SearchSpace.Parameters"/>; lower than that of the dependent one.
/// </param>
/// <param name="Values">The values, at least one.</param>
internal sealed record SpaceCondition(int Parent, IReadOnlyList<ParameterValue> Values)
{
    internal bool Holds(Candidate candidate)
    {
        if (!candidate.IsActive(Parent))
            return false;
        var value = candidate[Parent];
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i] == value)
                return true;
        }

        return false;
    }
}
