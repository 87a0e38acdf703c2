using Orchestrator.Expressions;
using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Compiles computed parameters.</summary>
/// <param name="problems">Takes the mistakes.</param>
/// <param name="names">The other parameters.</param>
internal sealed class ComputedBuilder(ProblemList problems, INameResolver names)
{
    public IReadOnlyList<(Draft Draft, Expression Expression)> Build(IReadOnlyList<Draft> computed)
    {
        List<(Draft, Expression)> built = [];
        foreach (var draft in computed)
        {
            var text = ((Computed)draft.Definition).Expression;
            var expression = Expression.TryParseValue(text, names, out var mistakes);
            var path = draft.Path + "/expression";
            foreach (var mistake in mistakes)
                PredicateBuilder.Report(problems, text, mistake, path, computed);
            if (expression is null)
                continue;
            if (expression.Slots.Count + expression.ActivitySlots.Count == 0)
                problems.Error("SWP153", path, $"\"{PredicateBuilder.Shown(text)}\" names no parameter, so it is a constant; write its value.");
            built.Add((draft, expression));
        }

        return built;
    }

    /// <summary>What is wrong with a name: unknown, or known but computed.</summary>
    public static string NoParameter(string name, IEnumerable<string> known, IReadOnlyList<Draft> computed) =>
        computed.Any(c => c.Name == name)
            ? $"'{name}' is computed from other parameters; name those."
            : $"'{name}' is no parameter{Suggestion.Hint(name, known)}";
}
