using System.Diagnostics.CodeAnalysis;
using Orchestrator.Expressions;

namespace Orchestrator.Querying;

/// <summary>Something of a run that filters and orders name: <c>state</c>, <c>metrics.loss</c>, <c>parameters.model.depth</c>.</summary>
/// <param name="Name">How it is written.</param>
/// <param name="Types">The kinds that its value may have.</param>
/// <param name="Value">Its value; null where the run has none.</param>
/// <param name="Words">The only texts that its value may be; <see langword="null"/>: any.</param>
internal sealed record RunField(string Name, ValueTypes Types, Func<RunRecord, ParameterValue> Value, IReadOnlyList<string>? Words = null)
{
    /// <summary>Whether it is a moment, whose text sorts as the moments do.</summary>
    public bool IsMoment { get; init; }

    private const string Parameters = "parameters.";
    private const string Metrics = "metrics.";
    private const string Attributes = "attributes.";

    private static readonly string[] States = [.. Enum.GetValues<RunState>().Select(Configuration.Words.Of)];
    private static readonly string[] FailureKinds = [.. Enum.GetValues<FailureKind>().Select(Configuration.Words.Of)];

    /// <summary>The fields that every run has, in the order of <c>docs/filters.md</c>.</summary>
    public static IReadOnlyList<RunField> Fixed { get; } =
    [
        Text("state", r => States[(int)r.State]) with { Words = States },
        Number("number", r => r.Number),
        Text("name", r => r.Name),
        Text("sweep", r => r.Sweep),
        Text("project", r => r.Project),
        Number("seed", r => r.Seed),
        Number("replicate", r => r.Replicate),
        Number("objective", r => OrNull(r.Objective)),
        Number("attempts", r => r.Attempts),
        Number("duration", r => OrNull(r.DurationSeconds)),
        Text("worker", r => r.Worker),
        Text("device", r => r.Device),
        Moment("created", r => r.CreatedAt),
        Moment("started", r => r.StartedAt),
        Moment("ended", r => r.EndedAt),
        new("tags", ValueTypes.Compound, r => ParameterValue.FromList(r.Tags.Select(t => (ParameterValue)t))),
        Text("failure.kind", r => r.Failure is { } failure ? FailureKinds[(int)failure.Kind] : null) with { Words = FailureKinds },
        Text("failure.type", r => r.Failure?.Type),
        Text("failure.message", r => r.Failure?.Message),
        Text("failure.fingerprint", r => r.Failure?.Fingerprint),
    ];

    private static readonly Dictionary<string, RunField> ByName = Fixed.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The names that a mistaken one may have meant.</summary>
    public static IEnumerable<string> Names(RunNames? known) =>
        Fixed.Select(f => f.Name)
            .Concat(known is null ? [Parameters + "NAME", Metrics + "NAME"] : known.Bare.Concat(known.Qualified))
            .Append(Attributes + "NAME");

    /// <summary>The field of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">The parameters and metrics that there are; <see langword="null"/>: any.</param>
    /// <param name="field">The field.</param>
    public static bool TryFind(string name, RunNames? known, [NotNullWhen(true)] out RunField? field)
    {
        field = ByName.TryGetValue(name, out var one) ? one
            : After(name, Parameters) is { } parameter ? Known(known?.HasParameter(parameter), () => Parameter(name, parameter))
            : After(name, Metrics) is { } metric ? Known(known?.HasMetric(metric), () => Metric(name, metric))
            : After(name, Attributes) is { } attribute ? new(name, ValueTypes.Any, r => r.Attributes.GetValueOrDefault(attribute))
            : name.StartsWith("failure.", StringComparison.Ordinal) || name is "failure" or "parameters" or "metrics" or "attributes" ? null
            : Known(known?.HasEither(name), () => Either(name));
        return field is not null;
    }

    private static RunField? Known(bool? isKnown, Func<RunField> field) => isKnown == false ? null : field();

    private static string? After(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    private static RunField Text(string name, Func<RunRecord, string?> value) => new(name, ValueTypes.Text, r => value(r));

    private static RunField Number(string name, Func<RunRecord, ParameterValue> value) => new(name, ValueTypes.Number, value);

    private static RunField Parameter(string name, string parameter) =>
        new(name, ValueTypes.Any, r => r.Parameters.TryGetValue(parameter, out var value) ? value : default);

    private static RunField Metric(string name, string metric) =>
        new(name, ValueTypes.Number, r => r.Metrics.TryGetValue(metric, out var value) ? value : default(ParameterValue));

    private static RunField Either(string name) =>
        new(name, ValueTypes.Any, r => r.Parameters.TryGetValue(name, out var value) ? value
            : r.Metrics.TryGetValue(name, out var metric) ? metric
            : default(ParameterValue));

    private static ParameterValue OrNull(double? value) => value is { } number ? number : default(ParameterValue);

    private static RunField Moment(string name, Func<RunRecord, DateTimeOffset?> value) =>
        Text(name, r => value(r) is { } moment ? MomentText.Canonical(moment) : null) with { IsMoment = true };
}
