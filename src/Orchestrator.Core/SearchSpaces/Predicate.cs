using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

/// <summary>Something that an assignment must satisfy: a constraint, or not to be excluded.</summary>
internal abstract class Predicate(IReadOnlyList<int> slots, string path)
{
    /// <summary>The places of all parameters it depends on, ascending.</summary>
    public IReadOnlyList<int> Slots { get; } = slots;

    /// <summary>Where it stands in the sweep file, a JSON pointer.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the assignment satisfies it. All of its parameters are decided.</summary>
    public abstract bool Holds(Candidate candidate);

    /// <summary>What it says, for messages.</summary>
    public abstract string Describe();
}

/// <summary>A constraint: holds where one of the parameters whose value it uses is inactive.</summary>
internal sealed class ConstraintPredicate(Expression expression, string path)
    : Predicate([.. expression.Slots.Union(expression.ActivitySlots).Order()], path)
{
    private const int MostChoices = 10_000;

    /// <summary>The parameters whose value it uses (not merely their activity).</summary>
    public IReadOnlyList<int> ValueSlots { get; } = expression.Slots;

    /// <summary>
    /// Whether no assignment of a discrete space can satisfy it, as far as the bounds of its parameters tell. One that hangs on a parameter
    /// that may be inactive always can.
    /// </summary>
    public bool NeverHolds(SearchSpace space) =>
        Slots.All(s => space.Parameters[s].Conditions.Count == 0) && expression.Settled(s => BoundsOf(space.Parameters[s].Domain)) == false;

    private static Interval? BoundsOf(Domain domain)
    {
        if (domain.Size is not { } size || (domain is ChoiceDomain && size > MostChoices))
            return null;
        // The values of a range rise; choices stand as they were listed.
        var values = domain is ChoiceDomain ? Enumerable.Range(0, (int)size).Select(i => domain.ValueAt(i)).ToArray() : [domain.ValueAt(0), domain.ValueAt(size - 1)];
        return values.All(v => v.IsNumber) ? Interval.Of(values.Min(v => v.AsDouble()), values.Max(v => v.AsDouble())) : null;
    }

    public override bool Holds(Candidate candidate)
    {
        for (var i = 0; i < ValueSlots.Count; i++)
        {
            if (!candidate.IsActive(ValueSlots[i]))
                return true;
        }

        return expression.Test(candidate);
    }

    public override string Describe() => $"the constraint {expression.Text}";
}

/// <summary>An exclusion: broken by an assignment that agrees in all named parameters, all of them active.</summary>
internal sealed class ExcludePredicate((int Slot, ParameterValue[] Values)[] terms, string path)
    : Predicate([.. terms.Select(t => t.Slot).Order()], path)
{
    public override bool Holds(Candidate candidate)
    {
        foreach (var (slot, _) in terms)
        {
            if (!Agrees(candidate, slot))
                return true;
        }

        return false;
    }

    /// <summary>Whether the assignment agrees with the exclusion in this parameter, which is decided.</summary>
    public bool Agrees(Candidate candidate, int slot)
    {
        foreach (var (termSlot, values) in terms)
        {
            if (termSlot == slot)
                return candidate.IsActive(slot) && Array.IndexOf(values, candidate[slot]) >= 0;
        }

        return true;
    }

    /// <summary>The values that it names for a parameter.</summary>
    public IReadOnlyList<ParameterValue> ValuesOf(int slot) => terms.First(t => t.Slot == slot).Values;

    public override string Describe() => "the exclusion";
}
