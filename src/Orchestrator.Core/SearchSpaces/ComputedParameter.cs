using Orchestrator.Expressions;

namespace Orchestrator.SearchSpaces;

/// <summary>A parameter whose value follows from those of others: part of every assignment, and of no axis.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Expression">What it is, over the places in the space.</param>
/// <param name="Conditions">All must hold for it to be active.</param>
internal sealed record ComputedParameter(string Name, Expression Expression, IReadOnlyList<SpaceCondition> Conditions)
{
    /// <summary>The value in a complete assignment; <see langword="null"/>: it is inactive, since a condition fails, or it hangs on what is not there.</summary>
    public ParameterValue? ValueIn(Candidate candidate)
    {
        if (!Conditions.All(c => c.Holds(candidate)) || !Expression.Slots.All(candidate.IsActive))
            return null;
        return Expression.Evaluate(candidate) is { Kind: not ParameterKind.Null } value ? value : default(ParameterValue?);
    }
}
