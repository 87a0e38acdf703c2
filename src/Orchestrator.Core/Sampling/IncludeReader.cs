using Orchestrator.SearchSpaces;
using Orchestrator.Text;

namespace Orchestrator.Sampling;

/// <summary>Checks the entries of <c>include</c> and drops repeated ones.</summary>
/// <param name="space">The space.</param>
/// <param name="problems">Takes the mistakes.</param>
/// <param name="mustBeComplete">
/// For a grid: an entry names every active parameter, and its values may lie off the grid. Otherwise: missing ones will be drawn,
/// and values lie in their domain.
/// </param>
internal sealed class IncludeReader(SearchSpace space, ProblemList problems, bool mustBeComplete)
{
    public IReadOnlyList<IncludedAssignment> Read(IReadOnlyList<IReadOnlyDictionary<string, ParameterValue>> include)
    {
        List<IncludedAssignment> read = [];
        HashSet<ParameterSet> seen = [];
        for (var i = 0; i < include.Count; i++)
        {
            var path = JsonPointer.Append("/include", i);
            if (TryRead(include[i], path) is not { } entry)
                continue;
            var identity = entry.Complete ?? new ParameterSet(entry.Given.OrderBy(g => space.Find(g.Key)!.Index));
            if (seen.Add(identity))
                read.Add(entry);
        }

        return read;
    }

    private IncludedAssignment? TryRead(IReadOnlyDictionary<string, ParameterValue> entry, string path)
    {
        var isRight = true;
        Dictionary<string, ParameterValue> given = [];
        foreach (var (name, value) in entry)
        {
            if (space.Find(name) is not { } parameter)
            {
                Error("SWP180", JsonPointer.Append(path, name),
                    $"'{name}' is no parameter{Suggestion.Hint(name, space.Parameters.Select(p => p.Name))}");
            }
            else if (Normalize(parameter, value) is { } own)
            {
                given.Add(name, own);
            }
            else
            {
                Error("SWP181", JsonPointer.Append(path, name), parameter.Domain.Never(name, value));
            }
        }

        return isRight ? Fill(given, path) : null;

        void Error(string code, string at, string message)
        {
            problems.Error(code, at, message);
            isRight = false;
        }
    }

    private ParameterValue? Normalize(SpaceParameter parameter, ParameterValue value)
    {
        if (parameter.Domain.TryNormalize(value, out var own))
            return own;
        var isNumeric = parameter.Domain.Types == Expressions.ValueTypes.Number;
        return mustBeComplete && parameter.Definition is not Constant && (!isNumeric || value.IsNumber) ? value : default(ParameterValue?);
    }

    private IncludedAssignment? Fill(Dictionary<string, ParameterValue> given, string path)
    {
        var isRight = true;
        var candidate = new Candidate(space.Parameters.Count);
        var isOpen = new bool[space.Parameters.Count];
        foreach (var parameter in space.Parameters)
        {
            var isGiven = given.TryGetValue(parameter.Name, out var value);
            candidate.Deactivate(parameter.Index);
            if (parameter.Conditions.Any(c => !isOpen[c.Parent] && !c.Holds(candidate)))
            {
                if (isGiven)
                    Error("SWP182", JsonPointer.Append(path, parameter.Name),
                        $"'{parameter.Name}' is inactive under this assignment; leave it out.");
                continue;
            }

            // Whether it is active hangs on a parent that will be drawn.
            isOpen[parameter.Index] = parameter.Conditions.Any(c => isOpen[c.Parent]);
            if (isGiven)
            {
                candidate.Set(parameter.Index, value);
            }
            else if (parameter.Domain.Size == 1)
            {
                candidate.Set(parameter.Index, parameter.Domain.ValueAt(0));
            }
            else
            {
                if (mustBeComplete && !isOpen[parameter.Index])
                    Error("SWP183", path, $"'{parameter.Name}' is active under this assignment and has no value; give it one.");
                isOpen[parameter.Index] = true;
            }
        }

        if (!isRight)
            return null;
        CheckPredicates(candidate, isOpen, path);
        CheckZips(given, path);
        return problems.HasErrors ? null : new IncludedAssignment(given, isOpen.Any(o => o) ? null : space.ToSet(candidate));

        void Error(string code, string at, string message)
        {
            problems.Error(code, at, message);
            isRight = false;
        }
    }

    private void CheckPredicates(Candidate candidate, bool[] isOpen, string path)
    {
        foreach (var predicate in space.Predicates)
        {
            if (predicate.Slots.Any(s => isOpen[s]) || predicate.Holds(candidate))
                continue;
            if (predicate is ExcludePredicate)
                problems.Error("SWP185", path, $"The assignment is excluded by {predicate.Path}; leave out one of them.");
            else
                problems.Error("SWP184", path, $"The assignment breaks {predicate.Describe()}; change it, or leave it out.");
        }
    }

    private void CheckZips(Dictionary<string, ParameterValue> given, string path)
    {
        if (mustBeComplete)
            return;
        foreach (var zip in space.Axes.Where(a => a.IsZip))
        {
            var candidate = new Candidate(space.Parameters.Count);
            foreach (var slot in zip.Members)
            {
                if (given.TryGetValue(space.Parameters[slot].Name, out var value))
                    candidate.Set(slot, value);
            }

            if (!space.HasPoint(zip, candidate))
            {
                problems.Error("SWP181", path, "The zipped parameters "
                    + string.Join(", ", zip.Members.Select(m => $"'{space.Parameters[m].Name}'")) + " never have these values together.");
            }
        }
    }
}
