using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Web;

/// <summary>A dashboard as a browser without scripts uses it.</summary>
internal partial class ServedHomeBrowser : IDisposable
{
    private readonly HttpClient _browser;

    /// <param name="link">The link that the program printed.</param>
    public ServedHomeBrowser(Uri link)
    {
        Link = link;
        _browser = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(link.GetLeftPart(UriPartial.Path)) };
    }

    /// <summary>The link that the program printed.</summary>
    public Uri Link { get; }

    /// <summary>What the verbs of the home carry.</summary>
    protected virtual string? OwnerToken => null;

    public Task<HttpResponseMessage> GetAsync(string path) => _browser.GetAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _browser.SendAsync(request);

    public Task<string> ReadAsync(string path) => _browser.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>The jobs on a page such as <c>jobs/processing</c>, each once.</summary>
    public async Task<IReadOnlyList<string>> JobsAsync(string page) =>
        [.. CheckboxPattern().Matches(await ReadAsync(page + "?count=500")).Select(m => m.Groups[1].Value).Distinct()];

    /// <summary>Does with jobs what a page's button does.</summary>
    public async Task PressAsync(string command, params IEnumerable<string> jobs)
    {
        using var response = await PostAsync(command, withToken: true, jobs);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    public async Task<HttpResponseMessage> PostAsync(string command, bool withToken, params IEnumerable<string> jobs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(command, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(jobs.Select(job => KeyValuePair.Create("jobs[]", job))),
        };
        var page = await ReadAsync("recurring");
        if (withToken)
            request.Headers.Add(MetaPattern("csrf-header").Match(page).Groups[1].Value, MetaPattern("csrf-token").Match(page).Groups[1].Value);
        return await _browser.SendAsync(request);
    }

    /// <summary>Hands a sweep over, as <c>submit</c> does; its id.</summary>
    public async Task<string> SubmitAsync(string file, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/sweeps", UriKind.Relative)) { Content = JsonContent.Create(new { file, content }) };
        request.Headers.Authorization = OwnerToken is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        using var response = await _browser.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, answer);
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("sweep").GetProperty("id").GetString()!;
    }

    /// <summary>Waits until a page shows so many jobs.</summary>
    public async Task UntilJobsAsync(string page, int count)
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        IReadOnlyList<string> jobs;
        while ((jobs = await JobsAsync(page)).Count != count)
        {
            Assert.False(deadline.IsCancellationRequested, string.Create(CultureInfo.InvariantCulture, $"{page} shows {jobs.Count} jobs, not {count}."));
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public virtual void Dispose()
    {
        _browser.Dispose();
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex("name=\"jobs\\[\\]\" value=\"([^\"]+)\"")]
    private static partial Regex CheckboxPattern();

    private static Regex MetaPattern(string name) => new($"<meta name=\"{name}\" content=\"([^\"]+)\"", RegexOptions.CultureInvariant);
}
