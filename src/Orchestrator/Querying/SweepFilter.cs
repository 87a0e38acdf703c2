using Orchestrator.Configuration;
using Orchestrator.Expressions;

namespace Orchestrator.Querying;

/// <summary>A condition on sweeps and experiments, in the language of <c>docs/filters.md</c>. Immutable, safe for concurrent use.</summary>
internal sealed class SweepFilter
{
    private const string Attributes = "attributes.";

    private static readonly Field[] Fields =
    [
        new("state", ValueTypes.Text, s => Words.Of(s.State), Words.All(typeof(SweepState))),
        new("kind", ValueTypes.Text, s => Words.Of(s.Kind), Words.All(typeof(ExperimentKind))),
        new("id", ValueTypes.Text, s => s.Id),
        new("name", ValueTypes.Text, s => s.Name),
        new("project", ValueTypes.Text, s => s.Project),
        new("method", ValueTypes.Text, s => s.Method),
        new("metric", ValueTypes.Text, s => s.Metric.Name.Length == 0 ? default(ParameterValue) : s.Metric.Name),
        new("identity", ValueTypes.Text, s => s.Identity),
        new("file", ValueTypes.Text, s => s.File),
        new("best", ValueTypes.Number, s => s.Best?.Objective is { } best ? best : default(ParameterValue)),
        new("runs", ValueTypes.Number, s => s.Counts.Total),
        new("completed", ValueTypes.Number, s => s.Counts.Completed),
        new("failed", ValueTypes.Number, s => s.Counts.Failed),
        new("elapsed", ValueTypes.Number, s => s.ElapsedSeconds),
        Moment("created", s => s.CreatedAt),
        Moment("started", s => s.StartedAt),
        Moment("ended", s => s.EndedAt),
        new("tags", ValueTypes.Compound, s => ParameterValue.FromList(s.Tags.Select(t => (ParameterValue)t))),
    ];

    private readonly Expression _expression;
    private readonly Field[] _fields;

    private SweepFilter(Expression expression, Field[] fields) => (_expression, _fields) = (expression, fields);

    /// <summary>The names that every sweep has, in the order of <c>docs/filters.md</c>.</summary>
    public static IEnumerable<string> Names => Fields.Select(f => f.Name);

    /// <param name="text">The filter.</param>
    /// <param name="now">The moment that <c>2h ago</c> is reckoned from; <see langword="null"/>: now.</param>
    /// <exception cref="RunFilterException">The filter has mistakes.</exception>
    public static SweepFilter Parse(string text, DateTimeOffset? now = null)
    {
        var resolver = new Resolver(now ?? TimeProvider.System.GetUtcNow());
        return Expression.TryParse(text, resolver, out var problems) is { } expression
            ? new SweepFilter(expression, [.. resolver.Used])
            : throw new RunFilterException(text, problems);
    }

    /// <summary>Whether it is true of the sweep; a comparison with a value that the sweep does not have is unknown, and matches nothing.</summary>
    public bool Matches(SweepRecord sweep) => _expression.Decide(new Values(sweep, _fields)) == true;

    private static Field Moment(string name, Func<SweepRecord, DateTimeOffset?> value) =>
        new(name, ValueTypes.Text, s => value(s) is { } moment ? MomentText.Canonical(moment) : default(ParameterValue)) { IsMoment = true };

    private sealed record Field(string Name, ValueTypes Types, Func<SweepRecord, ParameterValue> Value, IReadOnlyList<string>? Words = null)
    {
        public bool IsMoment { get; init; }
    }

    private sealed class Resolver(DateTimeOffset now) : INameResolver
    {
        private readonly LiteralReader _moments = new(
            text => MomentText.Parse(text, now) is { } moment ? MomentText.Canonical(moment) : default(ParameterValue?), MomentText.Expected);

        public List<Field> Used { get; } = [];

        public IEnumerable<string> Names => SweepFilter.Names.Append(Attributes + "NAME");

        public bool TryResolve(string name, out NameBinding binding)
        {
            var slot = Used.FindIndex(f => f.Name == name);
            if (slot < 0 && Find(name) is { } field)
            {
                slot = Used.Count;
                Used.Add(field);
            }

            binding = slot < 0 ? default : new NameBinding(slot, Used[slot].Types, Used[slot].Words, Used[slot].IsMoment ? _moments : null);
            return slot >= 0;
        }

        private static Field? Find(string name) =>
            name.Length > Attributes.Length && name.StartsWith(Attributes, StringComparison.Ordinal)
                ? new(name, ValueTypes.Any, s => s.Attributes.TryGetValue(name[Attributes.Length..], out var value) ? value : default)
                : Array.Find(Fields, f => f.Name == name);
    }

    private sealed class Values(SweepRecord sweep, Field[] fields) : IExpressionValues
    {
        public bool TryGet(int slot, out ParameterValue value)
        {
            value = fields[slot].Value(sweep);
            return value.Kind != ParameterKind.Null;
        }
    }
}
