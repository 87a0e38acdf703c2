using Orchestrator.Expressions;
using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Compiles excludes and constraints.</summary>
internal sealed class PredicateBuilder(
    ProblemList problems, IReadOnlyDictionary<string, Draft> byName, IReadOnlyList<Draft> order, IReadOnlyList<Draft> computed)
    : INameResolver
{
    private readonly Dictionary<Draft, int> _slots = order.Select((d, i) => (d, i)).ToDictionary(p => p.d, p => p.i);

    IEnumerable<string> INameResolver.Names => byName.Keys;

    public IReadOnlyList<Predicate> Build(SearchSpaceDefinition definition) =>
    [
        .. definition.Exclude.Select((e, i) => Exclude(e, JsonPointer.Append("/exclude", i))).OfType<Predicate>(),
        .. definition.Constraints.Select((c, i) => Constraint(c, JsonPointer.Append("/constraints", i))).OfType<Predicate>(),
    ];

    bool INameResolver.TryResolve(string name, out NameBinding binding)
    {
        var found = byName.TryGetValue(name, out var draft);
        binding = found ? new NameBinding(_slots[draft!], draft!.Domain?.Types ?? ValueTypes.Any) : default;
        return found;
    }

    public static string Shown(string text) => text.Length <= 100 ? text : text[..97] + "...";

    /// <summary>Reports a mistake in an expression; of a computed parameter that it names, what it is.</summary>
    public static void Report(ProblemList problems, string text, ExpressionProblem mistake, string path, IReadOnlyList<Draft> computed)
    {
        var code = mistake.Kind switch
        {
            ExpressionProblemKind.Syntax => "SWP150",
            ExpressionProblemKind.UnknownName => "SWP151",
            _ => "SWP152",
        };
        if (mistake.Kind == ExpressionProblemKind.UnknownName
            && computed.FirstOrDefault(c => mistake.Message.StartsWith($"'{c.Name}' is unknown", StringComparison.Ordinal)) is { } known)
        {
            mistake = mistake with { Message = ComputedBuilder.NoParameter(known.Name, [], computed) };
        }

        problems.Error(code, path, $"In \"{Shown(text)}\", {mistake}");
    }

    private ExcludePredicate? Exclude(IReadOnlyDictionary<string, ParameterValue> entries, string path)
    {
        if (entries.Count == 0)
            problems.Error("SWP142", path,
                "The exclusion names no parameter, so it would leave out everything; name one, or leave it out.");
        List<(int, ParameterValue[])> terms = [];
        foreach (var (name, value) in entries)
        {
            var own = JsonPointer.Append(path, name);
            if (!byName.TryGetValue(name, out var draft))
            {
                problems.Error("SWP140", own, ComputedBuilder.NoParameter(name, byName.Keys, computed));
                continue;
            }

            if (draft.Domain is not { } domain)
                continue;

            // A list means any of its items, unless lists are what the parameter chooses from.
            ParameterValue[] values = value.Kind == ParameterKind.List && !domain.Contains(value) ? [.. value.Items] : [value];
            foreach (var never in values.Where(v => !domain.Contains(v)))
                problems.Warning("SWP141", own, domain.Never(name, never));
            terms.Add((_slots[draft], [.. values.Select(v => domain.TryNormalize(v, out var own) ? own : v)]));
        }

        return terms.Count == entries.Count && terms.Count > 0 ? new ExcludePredicate([.. terms], path) : null;
    }

    private ConstraintPredicate? Constraint(string text, string path)
    {
        var expression = Expression.TryParse(text, this, out var mistakes);
        foreach (var mistake in mistakes)
            Report(problems, text, mistake, path, computed);

        if (expression is null)
            return null;
        var constraint = new ConstraintPredicate(expression, path);
        if (constraint.Slots.Count == 0)
            problems.Error("SWP153", path, $"\"{Shown(text)}\" names no parameter, so it would hold always or never; leave it out.");
        return constraint;
    }
}
