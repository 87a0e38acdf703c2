using Orchestrator.Expressions;

namespace Orchestrator.Querying;

/// <summary>
/// What of a filter the store can decide by itself, so that it need not read the other runs: the parts that only ask for the state, and
/// bounds of the number. Never narrower than the filter.
/// </summary>
/// <param name="States">The states that may match; <see langword="null"/>: all.</param>
/// <param name="First">The smallest number that may match.</param>
/// <param name="End">The number after the largest one that may match; <see langword="null"/>: no bound.</param>
/// <param name="IsWhole">Whether this is all that the filter says.</param>
internal sealed record RunFilterPlan(IReadOnlyList<RunState>? States, long First, long? End, bool IsWhole)
{
    private static readonly RunState[] AllStates = Enum.GetValues<RunState>();

    /// <summary>Whether nothing can match.</summary>
    public bool IsEmpty => States is [] || End <= First;

    public static RunFilterPlan Of(Expression expression, IReadOnlyList<RunField> fields)
    {
        var plan = new RunFilterPlan(null, 0, null, IsWhole: true);
        foreach (var part in expression.Conjuncts)
            plan = plan.With(part, fields);
        return plan;
    }

    private RunFilterPlan With(Node part, IReadOnlyList<RunField> fields)
    {
        var used = SlotsOf(part).Distinct().ToArray();
        if (used is not [var slot])
            return this with { IsWhole = false };
        if (fields[slot].Name == "state")
        {
            var matching = (States ?? AllStates).Where(s => part.Decide(new OneState(fields[slot], s)) == true);
            return this with { States = [.. matching] };
        }

        return fields[slot].Name == "number" && part is ComparisonNode comparison ? WithNumber(comparison) : this with { IsWhole = false };
    }

    private RunFilterPlan WithNumber(ComparisonNode part)
    {
        var (literal, operation) = part.Parts switch
        {
            [NameNode, LiteralNode right] => (right.Value, part.Comparison),
            [LiteralNode left, NameNode] => (left.Value, Mirrored(part.Comparison)),
            _ => (default, Comparison.NotEqual),
        };
        if (literal.Kind != ParameterKind.Integer || literal.AsInt64() is < 0 or > uint.MaxValue)
            return this with { IsWhole = false };
        var number = literal.AsInt64();
        return operation switch
        {
            Comparison.Equal => From(number).Below(number + 1),
            Comparison.Less => Below(number),
            Comparison.LessOrEqual => Below(number + 1),
            Comparison.Greater => From(number + 1),
            Comparison.GreaterOrEqual => From(number),
            _ => this with { IsWhole = false },
        };
    }

    private RunFilterPlan From(long number) => this with { First = Math.Max(First, number) };

    private RunFilterPlan Below(long number) => this with { End = Math.Min(End ?? long.MaxValue, number) };

    private static Comparison Mirrored(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    private static IEnumerable<int> SlotsOf(Node node) => node switch
    {
        NameNode name => [name.Binding.Slot],
        ActiveNode active => [active.Slot],
        _ => node.Parts.SelectMany(SlotsOf),
    };

    /// <summary>A run of which nothing but the state is known.</summary>
    private sealed class OneState(RunField field, RunState state) : IExpressionValues
    {
        public bool TryGet(int slot, out ParameterValue value)
        {
            value = field.Words![(int)state];
            return true;
        }
    }
}
