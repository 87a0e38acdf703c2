using System.Net;
using System.Text.RegularExpressions;
using Hangfire;
using Hangfire.Dashboard;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;
using Orchestrator.Web.Dashboard;

namespace Orchestrator.Tests.Web.Dashboard;

/// <summary>A host of a user's own: Hangfire's dashboard below <c>/hangfire</c>, with an orchestrator of its own home.</summary>
internal sealed partial class DashboardBench : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("orchestrator-dashboard-");
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private DashboardBench(bool isReadOnly, Action<OrchestratorBuilder>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" }); // errors are told on their pages
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAntiforgery();
        var orchestrator = builder.Services.AddOrchestrator(configure: o => (o.Home, o.Workers) = (_home.FullName, 2));
        configure?.Invoke(orchestrator);
        // As AddHangfire, which would give the storage and the log of one host to all hosts of the process.
        builder.Services.AddSingleton(GlobalConfiguration.Configuration.UseNoOpLogProvider().UseOrchestrator().UseOrchestrator());
        builder.Services.AddSingleton<JobStorage>(new InMemoryStorage());
        builder.Services.AddSingleton(DashboardRoutes.Routes);
        _app = builder.Build();
        _app.MapHangfireDashboard("/hangfire", new DashboardOptions { IsReadOnlyFunc = _ => isReadOnly, StatsPollingInterval = 1234 });
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
    }

    public IServiceProvider Services => _app.Services;

    public ISweepClient Sweeps => Services.GetRequiredService<ISweepClient>();

    public string Home => _home.FullName;

    public static async Task<DashboardBench> StartAsync(bool isReadOnly = false, Action<OrchestratorBuilder>? configure = null)
    {
        var bench = new DashboardBench(isReadOnly, configure);
        await bench._app.StartAsync();
        bench._client.BaseAddress = new Uri(bench._app.Urls.Single() + "/hangfire/");
        return bench;
    }

    public Task<ISweepStore> StoreAsync() => Services.GetRequiredService<StoreProvider>().GetAsync();

    /// <summary>Makes a sweep count as executed, as the process that executes it does.</summary>
    public IDisposable Execute(string sweep) => SweepLock.TryTake(Services.GetRequiredService<OrchestratorHome>().FolderOf(sweep))!;

    public async Task<(HttpStatusCode Status, string Html)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<string> ReadAsync(string path)
    {
        var (status, html) = await GetAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status}\n{html}");
        return html;
    }

    /// <summary>Posts as the form of a page does that works without scripts.</summary>
    public async Task<(HttpStatusCode Status, string Html)> PostAsync(string path, bool withToken = true, params IEnumerable<KeyValuePair<string, string>> fields)
    {
        var token = TokenPattern().Match(await ReadAsync("sweeps")).Groups[1].Value;
        using var form = new FormUrlEncodedContent(withToken ? [.. fields, new("__RequestVerificationToken", token)] : fields);
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [GeneratedRegex("<meta name=\"csrf-token\" content=\"([^\"]+)\"")]
    private static partial Regex TokenPattern();
}
