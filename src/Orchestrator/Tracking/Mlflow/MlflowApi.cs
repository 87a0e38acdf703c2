using System.Text.Json;

namespace Orchestrator.Tracking.Mlflow;

/// <summary>The requests of MLflow's REST API (mlflow/protos/service.proto) that a tracker needs.</summary>
internal sealed class MlflowApi(MlflowClient client)
{
    private const int MostMetrics = 1_000;
    private const int MostTexts = 100;
    private const int MostCharacters = 150_000; // a request has at most 1 MB, a character as much as 6 bytes where it is escaped on its way

    /// <summary>The id of an experiment, made if there is none of the name.</summary>
    public async Task<string> ExperimentAsync(string name, CancellationToken cancellationToken)
    {
        if (await FindExperimentAsync(name, cancellationToken).ConfigureAwait(false) is { } known)
            return known;
        try
        {
            var made = await client.PostAsync("experiments/create", json => json.WriteString("name", name), cancellationToken).ConfigureAwait(false);
            return Text(made, "experiment_id");
        }
        catch (MlflowException cause) when (cause.Code == "RESOURCE_ALREADY_EXISTS")
        {
            // Another run was quicker, or an answer was lost.
            return await FindExperimentAsync(name, cancellationToken).ConfigureAwait(false)
                ?? throw new MlflowException($"The MLflow experiment '{name}' exists and is not found.", cause.Code, cause);
        }
    }

    /// <summary>The id of a new run. Not made twice for one attempt, even when the answer to the first request was lost.</summary>
    public async Task<string> CreateRunAsync(
        string experiment, string name, DateTimeOffset start, IReadOnlyList<KeyValuePair<string, string>> tags, KeyValuePair<string, string> key, CancellationToken cancellationToken)
    {
        var perhapsMade = false;
        var run = await client.PersistAsync("runs/create", TryAsync, cancellationToken).ConfigureAwait(false);
        return Text(Member(run, "info"), "run_id");

        async Task<MlflowTry> TryAsync()
        {
            if (perhapsMade)
            {
                var search = await client.TryPostAsync("runs/search", json => WriteSearch(json, experiment, key), cancellationToken).ConfigureAwait(false);
                if (search.Answer is not { } found)
                    return search;
                if (found.TryGetProperty("runs", out var runs) && runs.ValueKind == JsonValueKind.Array && runs.GetArrayLength() > 0)
                    return new MlflowTry(runs[0]);
            }

            perhapsMade = true;
            var made = await client.TryPostAsync(
                "runs/create",
                json =>
                {
                    json.WriteString("experiment_id", experiment);
                    json.WriteString("run_name", name);
                    json.WriteNumber("start_time", start.ToUnixTimeMilliseconds());
                    WriteTexts(json, "tags", tags);
                },
                cancellationToken).ConfigureAwait(false);
            return made.Answer is { } answer ? new MlflowTry(Member(answer, "run")) : made;
        }
    }

    /// <summary>Hands over what <paramref name="points"/> hold, in order, in as many requests as it takes.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="points">At most 1,000.</param>
    /// <param name="nameOf">The name of a metric there.</param>
    /// <param name="patience">How long it is tried again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task LogMetricsAsync(string run, IReadOnlyList<MetricPoint> points, Func<string, string> nameOf, TimeSpan patience, CancellationToken cancellationToken) => client.PostAsync(
        "runs/log-batch",
        json =>
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(points.Count, MostMetrics);
            json.WriteString("run_id", run);
            json.WriteStartArray("metrics");
            foreach (var point in points)
            {
                json.WriteStartObject();
                json.WriteString("key", nameOf(point.Metric));
                json.WritePropertyName("value");
                ((ParameterValue)point.Value).WriteTo(json); // NaN and infinities as texts, as protobuf's JSON has them
                json.WriteNumber("timestamp", Math.Max(0, point.At.ToUnixTimeMilliseconds()));
                json.WriteNumber("step", point.Step);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        },
        cancellationToken,
        patience);

    /// <summary>Parameters: each name once in the life of a run.</summary>
    public Task LogParametersAsync(string run, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken) =>
        LogTextsAsync(run, "params", parameters, cancellationToken);

    public Task SetTagsAsync(string run, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellationToken) =>
        LogTextsAsync(run, "tags", tags, cancellationToken);

    public Task EndRunAsync(string run, string status, DateTimeOffset end, CancellationToken cancellationToken) => client.PostAsync(
        "runs/update",
        json =>
        {
            json.WriteString("run_id", run);
            json.WriteString("status", status);
            json.WriteNumber("end_time", end.ToUnixTimeMilliseconds());
        },
        cancellationToken);

    private async Task LogTextsAsync(string run, string kind, IEnumerable<KeyValuePair<string, string>> texts, CancellationToken cancellationToken)
    {
        var batch = new List<KeyValuePair<string, string>>(MostTexts);
        var characters = 0;
        foreach (var text in texts)
        {
            if (batch.Count == MostTexts || (batch.Count > 0 && characters + text.Value.Length > MostCharacters))
                await SendAsync().ConfigureAwait(false);
            batch.Add(text);
            characters += text.Value.Length;
        }

        if (batch.Count > 0)
            await SendAsync().ConfigureAwait(false);

        async Task SendAsync()
        {
            await client.PostAsync(
                "runs/log-batch",
                json =>
                {
                    json.WriteString("run_id", run);
                    WriteTexts(json, kind, batch);
                },
                cancellationToken).ConfigureAwait(false);
            batch.Clear();
            characters = 0;
        }
    }

    private async Task<string?> FindExperimentAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = Member(
                await client.GetAsync("experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(name), cancellationToken).ConfigureAwait(false), "experiment");
            return found.TryGetProperty("lifecycle_stage", out var stage) && stage.ValueKind == JsonValueKind.String && stage.GetString() == "deleted"
                ? throw new MlflowException($"The MLflow experiment '{name}' was deleted: restore it, or name another with the option 'experiment'.")
                : Text(found, "experiment_id");
        }
        catch (MlflowException cause) when (cause.Code == "RESOURCE_DOES_NOT_EXIST")
        {
            return null;
        }
    }

    private static void WriteSearch(Utf8JsonWriter json, string experiment, KeyValuePair<string, string> tag)
    {
        json.WriteStartArray("experiment_ids");
        json.WriteStringValue(experiment);
        json.WriteEndArray();
        json.WriteString("filter", $"tags.`{tag.Key}` = '{tag.Value}'");
        json.WriteNumber("max_results", 1);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> texts)
    {
        json.WriteStartArray(name);
        foreach (var (key, value) in texts)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
            ? member
            : throw new MlflowException($"{client.Server.Name} answered without '{name}'.");

    private string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()!
            : throw new MlflowException($"{client.Server.Name} answered without '{name}'.");
}
