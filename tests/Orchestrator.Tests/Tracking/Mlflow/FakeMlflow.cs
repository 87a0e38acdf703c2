using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Tracking.Mlflow;

/// <summary>
/// The part of a tracking server that the tracker speaks with, as strict as the real one (mlflow/server/handlers.py, mlflow/utils/validation.py),
/// and as weak as a test wants it.
/// </summary>
internal sealed partial class FakeMlflow : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _experiments = [];
    private LocalServer? _server;

    public string Uri => _server!.Uri;

    /// <summary>Every request that came: path and body.</summary>
    public ConcurrentQueue<(string Path, string Body, string? Authorization)> Requests { get; } = new();

    public ConcurrentDictionary<string, FakeRun> Runs { get; } = new();

    /// <summary>Called before a request is looked at, with its path and how many of that path came; true: it was answered.</summary>
    public Func<HttpContext, string, int, Task<bool>>? Before { get; set; }

    /// <summary>Called with the path when an answer is ready; true: the connection is cut instead.</summary>
    public Func<string, int, bool>? LoseAnswer { get; set; }

    /// <summary>Called with the body; true: the connection is cut, and nothing is done.</summary>
    public Func<string, bool>? Cut { get; set; }

    public IEnumerable<string> Experiments
    {
        get
        {
            lock (_gate)
                return [.. _experiments.Keys];
        }
    }

    public static async Task<FakeMlflow> StartAsync()
    {
        var fake = new FakeMlflow();
        fake._server = await LocalServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public void AddDeleted(string experiment)
    {
        lock (_gate)
            _experiments[experiment] = "deleted";
    }

    public int Count(string path) => Requests.Count(r => r.Path == path);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue((path, body, context.Request.Headers.Authorization));
        var count = Count(path);
        if (Before is { } before && await before(context, path, count))
            return;
        if (Cut?.Invoke(body) == true)
        {
            context.Abort();
            return;
        }

        JsonObject answer;
        try
        {
            lock (_gate)
                answer = Answer(path, context.Request.Query, body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject());
        }
        catch (Refusal refusal)
        {
            context.Response.StatusCode = refusal.Code == "RESOURCE_DOES_NOT_EXIST" ? 404 : 400;
            answer = new JsonObject { ["error_code"] = refusal.Code, ["message"] = refusal.Message };
        }

        if (LoseAnswer?.Invoke(path, count) == true)
        {
            context.Abort();
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonObject Answer(string path, IQueryCollection query, JsonObject body)
    {
        switch (path)
        {
            case "experiments/get-by-name":
                return _experiments.TryGetValue(query["experiment_name"].ToString(), out var id)
                    ? new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = id, ["lifecycle_stage"] = id == "deleted" ? "deleted" : "active" } }
                    : throw new Refusal("RESOURCE_DOES_NOT_EXIST", $"Could not find experiment with name '{query["experiment_name"]}'");

            case "experiments/create":
                var name = Text(body, "name");
                Check(!_experiments.ContainsKey(name), "RESOURCE_ALREADY_EXISTS", "exists");
                _experiments[name] = (_experiments.Count + 1).ToString(CultureInfo.InvariantCulture);
                return new JsonObject { ["experiment_id"] = _experiments[name] };

            case "runs/create":
                Check(_experiments.ContainsValue(Text(body, "experiment_id")), "RESOURCE_DOES_NOT_EXIST", "no experiment");
                var run = new FakeRun(Text(body, "experiment_id"), Text(body, "run_name"), body["start_time"]!.GetValue<long>());
                Tags(run, body["tags"]!.AsArray());
                var runId = $"run{Runs.Count:x32}";
                Runs[runId] = run;
                return new JsonObject { ["run"] = new JsonObject { ["info"] = new JsonObject { ["run_id"] = runId } } };

            case "runs/search":
                var wanted = Filter().Match(Text(body, "filter"));
                Check(wanted.Success, "INVALID_PARAMETER_VALUE", "filter");
                var found = Runs.Where(r => r.Value.Tags.GetValueOrDefault(wanted.Groups[1].Value) == wanted.Groups[2].Value)
                    .Select(r => (JsonNode)new JsonObject { ["info"] = new JsonObject { ["run_id"] = r.Key } });
                return found.FirstOrDefault() is { } one ? new JsonObject { ["runs"] = new JsonArray(one) } : [];

            case "runs/log-batch":
                LogBatch(Runs[Text(body, "run_id")], body);
                return [];

            case "runs/update":
                var ended = Runs[Text(body, "run_id")];
                (ended.Status, ended.EndTime) = (Text(body, "status"), body["end_time"]!.GetValue<long>());
                return new JsonObject { ["run_info"] = new JsonObject() };

            default:
                throw new Refusal("ENDPOINT_NOT_FOUND", path);
        }
    }

    private static void LogBatch(FakeRun run, JsonObject body)
    {
        var (metrics, parameters, tags) = (Array("metrics"), Array("params"), Array("tags"));
        Check(metrics.Count <= 1000 && parameters.Count <= 100 && tags.Count <= 100, "INVALID_PARAMETER_VALUE", "too many");
        Check(body.ToJsonString().Length < 1_000_000, "INVALID_PARAMETER_VALUE", "too large");
        foreach (var parameter in parameters)
        {
            var (key, value) = (Text(parameter!.AsObject(), "key"), Text(parameter.AsObject(), "value"));
            CheckName(key);
            Check(value.Length <= 6000, "INVALID_PARAMETER_VALUE", "too long");
            Check(run.Parameters.TryAdd(key, value) || run.Parameters[key] == value, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed.");
        }

        Tags(run, tags);
        foreach (var metric in metrics)
        {
            var key = Text(metric!.AsObject(), "key");
            CheckName(key);
            var value = metric["value"]!.GetValueKind() == JsonValueKind.String
                ? metric["value"]!.GetValue<string>() switch
                {
                    "NaN" => double.NaN,
                    "Infinity" => double.PositiveInfinity,
                    "-Infinity" => double.NegativeInfinity,
                    var other => throw new Refusal("INVALID_PARAMETER_VALUE", other),
                }
                : metric["value"]!.GetValue<double>();
            run.Metrics.Add((key, metric["step"]!.GetValue<long>(), value, metric["timestamp"]!.GetValue<long>()));
        }

        JsonArray Array(string name) => body[name]?.AsArray() ?? [];
    }

    private static void Tags(FakeRun run, JsonArray tags)
    {
        foreach (var tag in tags)
        {
            CheckName(Text(tag!.AsObject(), "key"));
            Check(Text(tag.AsObject(), "value").Length <= 5000, "INVALID_PARAMETER_VALUE", "too long");
            run.Tags[Text(tag.AsObject(), "key")] = Text(tag.AsObject(), "value");
        }
    }

    private static void CheckName(string name) => Check(
        Name().IsMatch(name) && name.Length is > 0 and <= 250 && !name.StartsWith('/') && !name.EndsWith('/')
        && !name.Split('/').Any(part => part is "" or "." or ".."),
        "INVALID_PARAMETER_VALUE", $"Invalid name: '{name}'");

    private static string Text(JsonObject json, string name) =>
        json[name]?.GetValue<string>() ?? throw new Refusal("INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{name}'.");

    private static void Check(bool holds, string code, string message)
    {
        if (!holds)
            throw new Refusal(code, message);
    }

    [GeneratedRegex(@"^[/\w.\- ]*$")]
    private static partial Regex Name();

    [GeneratedRegex("^tags\\.`([^`]+)` = '([^']+)'$")]
    private static partial Regex Filter();

    private sealed class Refusal(string code, string message) : Exception(message)
    {
        public string Code { get; } = code;
    }
}

/// <summary>A run as the server keeps it.</summary>
internal sealed class FakeRun(string experiment, string name, long startTime)
{
    public string Experiment { get; } = experiment;

    public string Name { get; } = name;

    public long StartTime { get; } = startTime;

    public string Status { get; set; } = "RUNNING";

    public long EndTime { get; set; }

    public Dictionary<string, string> Tags { get; } = [];

    public Dictionary<string, string> Parameters { get; } = [];

    public List<(string Key, long Step, double Value, long Time)> Metrics { get; } = [];
}
