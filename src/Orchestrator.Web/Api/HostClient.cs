using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json;

namespace Orchestrator.Web.Api;

/// <summary>Asks a running host for something.</summary>
/// <param name="address">Where it listens.</param>
/// <param name="token">What a request carries.</param>
internal sealed class HostClient(Uri address, string? token) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience };

    /// <summary>Hands a sweep over.</summary>
    /// <exception cref="HostRefusedException">The host refused, or does not answer; the message says why.</exception>
    /// <exception cref="InvalidSweepFileException">The sweep file has mistakes.</exception>
    public Task<ApiAnswer> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken) =>
        SendAsync("api/sweeps", JsonContent.Create(request, ApiJson.Default.SubmitRequest), cancellationToken);

    /// <summary>Tells the host that the schedules of its home have changed.</summary>
    /// <exception cref="HostRefusedException">The host refused, or does not answer; the message says why.</exception>
    public Task<ApiAnswer> RefreshSchedulesAsync(CancellationToken cancellationToken) => SendAsync("api/schedules/refresh", content: null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> SendAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var folder = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(folder, path)) { Content = content };
        if (token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            return await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException cause) when (cause is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException inner })
        {
            throw new HostRefusedException("certificate", $"The certificate of the host at {address} is not accepted for the name '{address.Host}': {inner.Message} "
                + "If it is for another name, give that name: --url https://NAME --token TOKEN. If its issuer is unknown here, make this machine trust it.");
        }
        catch (HttpRequestException cause)
        {
            throw new HostRefusedException("noHost", $"No host answers at {address}: {cause.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostRefusedException("noAnswer", $"The host at {address} did not answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ApiAnswer? answer = null;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            answer = JsonSerializer.Deserialize(text, ApiJson.Default.ApiAnswer);
        }
        catch (JsonException)
        {
        }

        if (answer?.Error is { Problems.Count: > 0 } invalid)
            throw new InvalidSweepFileException([.. invalid.Problems.Select(p => p.ToLocated())]);
        if (answer?.Error is { } error)
            throw new HostRefusedException(error.Code, error.Message);
        if (response.IsSuccessStatusCode && answer is not null)
            return answer;
        throw response.StatusCode == HttpStatusCode.Unauthorized
            ? new HostRefusedException("unauthorized", $"The host at {address} requires a token: {(token is null ? "give it with --token" : "the one that was given is not its own")}.")
            : new HostRefusedException("refused", $"The host at {address} answered {(int)response.StatusCode}: {text.Trim()}");
    }
}

/// <summary>A host did not do what it was asked for.</summary>
internal sealed class HostRefusedException(string code, string message) : Exception(message)
{
    /// <summary>One word for scripts.</summary>
    public string Code { get; } = code;
}
