using System.Globalization;
using Orchestrator.Configuration;

namespace Orchestrator.Tracking.Mlflow;

/// <summary>
/// Sends an attempt to a tracking server as a run of an experiment. Values wait until there are a thousand, or until a second has passed
/// since the last request; a server that is away is tried for a while, then what waits is counted as lost and it is tried once for each
/// batch until it is back.
/// </summary>
internal sealed class MlflowTracker(TrackerContext context, MlflowApi api, MlflowExperiments experiments, TimeSpan giveUpAfter, TimeProvider time) : ITracker
{
    private const int MostPoints = 1_000;
    private const string StateTag = "orchestrator.state";
    private const string FailureTag = "orchestrator.failure";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<MetricPoint> _points = new(64);
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private readonly DistinctNames _parameterNames = Names(context);
    private readonly DistinctNames _metricNames = Names(context);
    private readonly DistinctNames _tagNames = Names(context);
    private string _run = "";
    private long? _sent;
    private bool _away;

    public async ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
    {
        var experiment = await experiments.FindAsync(api, cancellationToken).ConfigureAwait(false);
        var attempt = KeyValuePair.Create("orchestrator.attemptId", string.Create(CultureInfo.InvariantCulture, $"{run.Id}#{run.Attempt}"));
        KeyValuePair<string, string>[] tags = [attempt, .. Tags(run)];
        foreach (var name in tags.Select(t => t.Key).Append(StateTag).Append(FailureTag))
            _tagNames.Reserve(name);
        _run = await api.CreateRunAsync(experiment, run.Name, run.StartedAt, tags, attempt, cancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in Flat("", run.Parameters))
            _parameters[_parameterNames.Of(name)] = MlflowNames.Cut(MlflowNames.Text(value), MlflowNames.LongestParameter);
        await OrSayAsync(api.LogParametersAsync(_run, _parameters, cancellationToken)).ConfigureAwait(false);
    }

    public async ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        for (var rest = points; !rest.IsEmpty;)
        {
            var taken = rest[..Math.Min(rest.Length, MostPoints - _points.Count)];
            _points.AddRange(taken.Span);
            rest = rest[taken.Length..];
            if (_points.Count == MostPoints)
                await SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask NoteAsync(RunNote note, CancellationToken cancellationToken)
    {
        switch (note)
        {
            case AttributeNote attribute:
                await TagAsync(attribute.Name, "attribute", MlflowNames.Text(attribute.Value), cancellationToken).ConfigureAwait(false);
                break;

            case TagNote tag:
                await TagAsync(tag.Tag, "tag", "true", cancellationToken).ConfigureAwait(false);
                break;

            case ParameterNote parameter:
                foreach (var (name, value) in Flat("", [KeyValuePair.Create(parameter.Name, parameter.Value)]))
                    await ParameterAsync(_parameterNames.Of(name), MlflowNames.Text(value), cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_sent is { } last && time.GetElapsedTime(last) < Interval)
            return; // the next report, or the end, takes them along
        await SendAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken).ConfigureAwait(false);
        List<KeyValuePair<string, string>> tags = [new(StateTag, Words.Of(end.State))];
        if (end.Failure is { } failure)
        {
            var text = $"{Words.Of(failure.Kind)}: {failure.Type} {failure.Message}\n{failure.StackTrace}";
            tags.Add(new(FailureTag, MlflowNames.Cut(text.TrimEnd(), MlflowNames.LongestTag)));
        }

        await OrSayAsync(api.SetTagsAsync(_run, tags, cancellationToken)).ConfigureAwait(false);
        await api.EndRunAsync(_run, Status(end.State), end.EndedAt, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Sends what waits; what the server does not take in time is counted, and the run's record goes on behind the gap.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_points.Count == 0)
            return;
        try
        {
            await api.LogMetricsAsync(_run, _points, point => _metricNames.Of(point), _away ? TimeSpan.Zero : giveUpAfter, cancellationToken).ConfigureAwait(false);
            _away = false;
        }
        catch (MlflowException cause)
        {
            _away |= cause.IsWeakness;
            context.Lost(_points.Count, cause.Message);
        }
        catch (OperationCanceledException)
        {
            context.Lost(_points.Count, "was given up while it waited for its server");
            throw;
        }

        _points.Clear();
        _sent = time.GetTimestamp();
    }

    private async Task ParameterAsync(string name, string value, CancellationToken cancellationToken)
    {
        value = MlflowNames.Cut(value, MlflowNames.LongestParameter);
        if (!_parameters.TryAdd(name, value) && _parameters[name] != value)
            await TagAsync("parameter." + name, "parameter", value, cancellationToken).ConfigureAwait(false); // MLflow lets no parameter change
        else
            await OrSayAsync(api.LogParametersAsync(_run, [KeyValuePair.Create(name, value)], cancellationToken)).ConfigureAwait(false);
    }

    private Task TagAsync(string name, string kind, string value, CancellationToken cancellationToken) => OrSayAsync(api.SetTagsAsync(
        _run, [KeyValuePair.Create(_tagNames.Of(name, kind), MlflowNames.Cut(value, MlflowNames.LongestTag))], cancellationToken));

    private static DistinctNames Names(TrackerContext context) => new(MlflowNames.Of, MlflowNames.LongestName, said => context.Lost(0, said));

    /// <summary>A parameter or a tag that is refused is said, and costs the run's values nothing.</summary>
    private async Task OrSayAsync(Task request)
    {
        try
        {
            await request.ConfigureAwait(false);
        }
        catch (MlflowException cause)
        {
            context.Lost(0, cause.Message);
        }
    }

    private static string Status(RunState state) => state switch
    {
        RunState.Completed or RunState.Pruned => "FINISHED",
        RunState.Failed => "FAILED",
        _ => "KILLED",
    };

    private static IEnumerable<KeyValuePair<string, string>> Tags(RunInfo run)
    {
        (string Name, string Value)[] tags =
        [
            ("mlflow.user", Environment.UserName), ("mlflow.source.type", "LOCAL"), ("mlflow.source.name", run.SweepName),
            ("orchestrator.run", run.Id), ("orchestrator.sweep", run.SweepId), ("orchestrator.sweepName", run.SweepName),
            ("orchestrator.project", run.Project), ("orchestrator.number", Text(run.Number)), ("orchestrator.proposal", Text(run.Proposal)),
            ("orchestrator.replicate", Text(run.Replicate)), ("orchestrator.seed", Text(run.Seed)), ("orchestrator.attempt", Text(run.Attempt)),
            ("orchestrator.worker", run.Worker), ("orchestrator.device", run.Device),
        ];
        return tags.Select(tag => KeyValuePair.Create(tag.Name, MlflowNames.Cut(tag.Value, MlflowNames.LongestTag)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<KeyValuePair<string, ParameterValue>> Flat(string prefix, IEnumerable<KeyValuePair<string, ParameterValue>> parameters) =>
        parameters.SelectMany(p => p.Value.Kind == ParameterKind.Map
            ? Flat($"{prefix}{p.Key}.", p.Value.Entries)
            : [KeyValuePair.Create(prefix + p.Key, p.Value)]);
}
