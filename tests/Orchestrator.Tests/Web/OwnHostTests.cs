using System.Net;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Tests.Support;
using Orchestrator.Web;
using Orchestrator.Web.Api;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Tests.Web;

/// <summary>What <c>AddHangfire</c> sets for the whole process: the current storage, the log provider.</summary>
[CollectionDefinition(nameof(ProcessHangfire), DisableParallelization = true)]
public sealed class ProcessHangfire;

/// <summary>The dashboard in a host of the user's own.</summary>
[Collection(nameof(ProcessHangfire))]
public sealed class OwnHostTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task MapOrchestrator_BelowAPath_ShowsTheJobsOfTheHostsOwnStorage()
    {
        using var storage = new InMemoryStorage();
        await using var app = Create(services => services.AddHangfire((provider, hangfire) => hangfire.UseLogProvider(new HostLogProvider(provider.GetRequiredService<ILoggerFactory>())).UseStorage(storage)), _ => { });
        app.MapGet("/", () => "mine");
        app.MapOrchestrator("/sweeps").WithMetadata(new Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute());
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = app.Services.GetRequiredService<ISweepClient>();
        var sweep = await client.SubmitAsync(WebBench.Definition());
        Assert.Equal(SweepState.Completed, (await client.WaitAsync(sweep.Id)).State);

        using var browser = Browser(app);
        Assert.Equal("mine", await browser.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.Contains("/sweeps/jobs/", await browser.GetStringAsync("/sweeps/jobs/processing", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Same(storage, app.Services.GetRequiredService<JobStorage>());
        Assert.NotNull(app.Services.GetRequiredService<SweepJobs>().Find(sweep.Id));

        // A verb finds the host by its home; who cannot read the home has no way in but the pages.
        var record = ServeRecord.Find(_home)!;
        Assert.Equal(browser.BaseAddress + "sweeps", record.Urls.Single());
        var request = new SubmitRequest("s.json", """{"trainable": "body", "metric": {"name": "loss", "goal": "minimize"}, "method": "random", "parameters": {"x": {"min": 0.0, "max": 1.0}}, "limits": {"maxRuns": 1}}""");
        using var verb = new HostClient(new Uri(record.Urls.Single()), record.Token);
        var submitted = (await verb.SubmitAsync(request, TestContext.Current.CancellationToken)).Sweep!;
        Assert.Equal(SweepState.Completed, (await client.WaitAsync(submitted.Id)).State);
        using var other = new HostClient(new Uri(record.Urls.Single()), token: null);
        Assert.Equal("unauthorized", (await Assert.ThrowsAsync<HostRefusedException>(() => other.SubmitAsync(request, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task MapOrchestrator_WithAToken_RefusesWithoutIt_AndTheHostsOwnAuthorizationReplacesIt()
    {
        await using var app = Create(_ => { }, web => web.Token = "0123456789abcdef");
        app.MapOrchestrator("/guarded");
        app.MapOrchestrator("/own").WithMetadata(new Microsoft.AspNetCore.Authorization.AuthorizeAttribute());
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var browser = Browser(app);
        using var refused = await browser.GetAsync("/guarded/jobs/processing", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("DENY", refused.Headers.GetValues("X-Frame-Options").Single());
        using var linked = await browser.GetAsync("/guarded/jobs/processing?token=0123456789abcdef&from=0", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "?from=0"), (linked.StatusCode, linked.RequestMessage!.RequestUri!.Query));
    }

    [Fact]
    public void MapOrchestrator_WithoutAddDashboard_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddDashboard", Assert.Throws<InvalidOperationException>(() => app.MapOrchestrator()).Message, StringComparison.Ordinal);
    }

    private WebApplication Create(Action<IServiceCollection> before, Action<WebOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Orchestrator:Home", _home), new("urls", "http://127.0.0.1:0")]);
        builder.Logging.ClearProviders();
        before(builder.Services);
        builder.Services.AddAuthorization();
        builder.Services.AddOrchestrator(builder.Configuration).AddTrainable("body", TestRuns.Report).AddDashboard(configure);
        return builder.Build();
    }

    private static HttpClient Browser(WebApplication app) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
    };
}
