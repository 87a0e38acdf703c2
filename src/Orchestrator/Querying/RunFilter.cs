using System.Diagnostics.CodeAnalysis;
using Orchestrator.Expressions;
using Orchestrator.Querying;

namespace Orchestrator;

/// <summary>
/// A condition on runs, in the language of <c>docs/filters.md</c>: <c>state == 'completed' and metrics.valLoss &lt; 0.3</c>. The same
/// for the command line, for export and for code. Immutable, safe for concurrent use.
/// </summary>
public sealed class RunFilter
{
    private readonly RunField[] _fields;

    private RunFilter(Expression expression, RunField[] fields)
    {
        (Expression, _fields) = (expression, fields);
        Plan = RunFilterPlan.Of(expression, fields);
    }

    /// <summary>The filter as it was written.</summary>
    public string Text => Expression.Text;

    internal Expression Expression { get; }

    /// <summary>What of it the store can decide.</summary>
    internal RunFilterPlan Plan { get; }

    /// <summary>Reads a filter. Parameters, metrics and attributes may have any name; a run that lacks one does not match.</summary>
    /// <param name="text">The filter.</param>
    /// <exception cref="RunFilterException">It has mistakes; the message names each with its place and the nearest name that there is.</exception>
    public static RunFilter Parse(string text) => Parse(text, known: null);

    /// <summary>As <see cref="Parse(string)"/>; <see langword="false"/> where that throws.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RunFilter? filter)
    {
        filter = Parse(text, known: null, TimeProvider.System.GetUtcNow(), out _);
        return filter is not null;
    }

    /// <summary>
    /// Whether the run matches. A comparison with a value that the run does not have is neither true nor false, and so is what hangs on
    /// it (<c>not</c> as well); only what is true matches.
    /// </summary>
    public bool Matches(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Expression.Decide(new Values(run, _fields)) == true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>As <see cref="Parse(string)"/>, with the parameters and metrics that there are.</summary>
    internal static RunFilter Parse(string text, RunNames? known) =>
        Parse(text, known, TimeProvider.System.GetUtcNow());

    /// <summary>As <see cref="Parse(string)"/>, at a moment that <c>2h ago</c> is reckoned from.</summary>
    internal static RunFilter Parse(string text, RunNames? known, DateTimeOffset now) =>
        Parse(text, known, now, out var problems) ?? throw new RunFilterException(text, problems);

    private static RunFilter? Parse(string text, RunNames? known, DateTimeOffset now, out IReadOnlyList<ExpressionProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        var resolver = new Resolver(known, now);
        return Expression.TryParse(text, resolver, out problems) is { } expression ? new RunFilter(expression, [.. resolver.Fields]) : null;
    }

    private sealed class Resolver(RunNames? known, DateTimeOffset now) : INameResolver
    {
        private readonly LiteralReader _moments = new(
            text => MomentText.Parse(text, now) is { } moment ? MomentText.Canonical(moment) : default(ParameterValue?), MomentText.Expected);

        public List<RunField> Fields { get; } = [];

        public IEnumerable<string> Names => RunField.Names(known);

        public bool TryResolve(string name, out NameBinding binding)
        {
            var slot = Fields.FindIndex(f => f.Name == name);
            if (slot < 0 && RunField.TryFind(name, known, out var found))
            {
                Fields.Add(found);
                slot = Fields.Count - 1;
            }

            binding = slot < 0 ? default : new NameBinding(slot, Fields[slot].Types, Fields[slot].Words, Fields[slot].IsMoment ? _moments : null);
            return slot >= 0;
        }
    }

    private sealed class Values(RunRecord run, RunField[] fields) : IExpressionValues
    {
        public bool TryGet(int slot, out ParameterValue value)
        {
            value = fields[slot].Value(run);
            return value.Kind != ParameterKind.Null;
        }
    }
}

/// <summary>A filter has mistakes.</summary>
public sealed class RunFilterException : FormatException
{
    internal RunFilterException(string filter, IReadOnlyList<ExpressionProblem> problems)
        : base($"The filter \"{filter}\" is wrong {string.Join(" Also ", problems)}") => (Filter, Position) = (filter, problems[0].Position);

    /// <summary>The filter as it was written.</summary>
    public string Filter { get; }

    /// <summary>Where the first mistake stands in it, from 0.</summary>
    public int Position { get; }
}

/// <summary>Filters on sequences of runs.</summary>
public static class RunFilterExtensions
{
    /// <summary>The runs that match, in their order.</summary>
    public static IEnumerable<RunRecord> Where(this IEnumerable<RunRecord> runs, RunFilter filter) => runs.Where(filter.Matches);

    /// <summary>The runs that match, in their order, one by one as they come.</summary>
    public static IAsyncEnumerable<RunRecord> Where(this IAsyncEnumerable<RunRecord> runs, RunFilter filter) => runs.Where(filter.Matches);
}
