using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Tracking.Mlflow;

/// <summary>
/// Speaks with one tracking server: JSON over HTTP, a few requests at once. What may be the server's passing weakness (429, 408, 5xx, a lost or
/// silent connection) is tried again with growing, scattered waits, until the time is up; everything else is an error at once.
/// </summary>
internal sealed class MlflowClient(HttpClient http, MlflowServer server, TimeProvider time, Random random) : IDisposable
{
    /// <summary>The wait before the second try, and the longest one.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5), LongestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _slots = new(server.Connections);

    public MlflowServer Server => server;

    /// <param name="path">What follows <c>/api/2.0/mlflow/</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MlflowException">It refused, or did not answer in time.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        PersistAsync(path, () => TryAsync(path, null, cancellationToken), cancellationToken);

    /// <param name="path">What follows <c>/api/2.0/mlflow/</c>.</param>
    /// <param name="write">Writes the members of the request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="patience">How long it is tried again; the server's setting by default.</param>
    /// <exception cref="MlflowException">It refused, or did not answer in time.</exception>
    public Task<JsonElement> PostAsync(string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var body = Body(write);
        return PersistAsync(path, () => TryAsync(path, body, cancellationToken), cancellationToken, patience);
    }

    /// <summary>One try.</summary>
    public Task<MlflowTry> TryPostAsync(string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken) =>
        TryAsync(path, Body(write), cancellationToken);

    /// <summary>Tries until there is an answer, with waits, as long as the patience lasts.</summary>
    /// <exception cref="MlflowException">It refused, or did not answer in time.</exception>
    public async Task<JsonElement> PersistAsync(
        string what, Func<Task<MlflowTry>> attempt, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var began = time.GetTimestamp();
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var tried = await attempt().ConfigureAwait(false);
            if (tried.Answer is { } good)
                return good;
            // The server's own word counts; else a random part of the wait, so that many runs do not come back together.
            var pause = tried.RetryAfter ?? wait * (0.5 + (0.5 * random.NextDouble()));
            if (time.GetElapsedTime(began) + pause > (patience ?? server.GiveUpAfter))
                throw new MlflowException(FormattableString.Invariant($"{server.Name} took no '{what}' in {time.GetElapsedTime(began).TotalSeconds:0.#} s: {tried.Weakness}")) { IsWeakness = true };
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _slots.Dispose();

    private static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(body, ParameterJson.Relaxed);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private async Task<MlflowTry> TryAsync(string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(server.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, server.Api + path);
            request.Headers.Authorization = server.Authorization;
            if (body is { } bytes)
                request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false); // with the body: a stall in it counts, too
            var text = await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
                || (response.StatusCode >= HttpStatusCode.InternalServerError && response.StatusCode != HttpStatusCode.NotImplemented))
                return new MlflowTry(null, $"it answers {(int)response.StatusCode}. {Said(text).Message}", RetryAfter(response));
            if (!response.IsSuccessStatusCode)
            {
                var (code, message) = Said(text);
                throw new MlflowException($"{server.Name} refused '{path}' with {(int)response.StatusCode}: {code} {message}".TrimEnd(' ', ':'), code);
            }

            return new MlflowTry(Parse(path, text));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MlflowTry(null, FormattableString.Invariant($"no answer within {server.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException)
        {
            return new MlflowTry(null, cause.GetBaseException().Message);
        }
        finally
        {
            _slots.Release();
        }
    }

    private JsonElement Parse(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException)
        {
        }

        throw new MlflowException(
            $"{server.Name} answered '{path}' with something that is no MLflow: {OneLine(text)} Is its address right, and does it want a login?");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date - time.GetUtcNow());
        return wait is { } known ? TimeSpan.FromTicks(Math.Max(0, known.Ticks)) : null;
    }

    private static (string? Code, string Message) Said(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return (Member(document.RootElement, "error_code"), OneLine(Member(document.RootElement, "message") ?? ""));
        }
        catch (JsonException)
        {
        }

        return (null, OneLine(text));
    }

    private static string? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string OneLine(string text) => MlflowNames.Cut(text.ReplaceLineEndings(" ").Trim(), 200);
}

/// <summary>What came of one try: an answer, or the server's weakness, and when it wants to be asked again.</summary>
internal readonly record struct MlflowTry(JsonElement? Answer, string? Weakness = null, TimeSpan? RetryAfter = null);

/// <summary>A tracking server and how it is spoken with.</summary>
internal sealed record MlflowServer(Uri Uri)
{
    /// <summary>Who one is: a token, or a name and a password.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request is tried again.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many requests are under way at once.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Without a name and a password that may stand in the address.</summary>
    public string Name => $"The MLflow server {Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')}";

    public string Api => Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/api/2.0/mlflow/";

    /// <summary>Basic authentication.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
