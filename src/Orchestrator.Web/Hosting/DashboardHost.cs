using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Extensions.Logging;

namespace Orchestrator.Web.Hosting;

/// <summary>The host behind <c>serve</c> and <c>sweep --dashboard</c>: scheduler, Hangfire server and dashboard in one process.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardHost(WebApplication app) => _app = app;

    public IHost Host => _app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens, once it is started; a port of 0 is the real one here.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>The links that open the dashboard in a browser, with the token where one is required.</summary>
    public IEnumerable<string> Links
    {
        get
        {
            var token = _app.Services.GetRequiredService<DashboardAccess>().Token;
            return Addresses.Select(address => ListenAddress.ForBrowser(address).TrimEnd('/') + "/" + (token is null ? "" : $"?{DashboardAccess.TokenParameter}={Uri.EscapeDataString(token.Value)}"));
        }
    }

    /// <param name="settings">All settings of the program.</param>
    /// <param name="register">Registers the orchestrator and what the program brings along; returns its builder.</param>
    /// <param name="hosting">Whether it is the host of its home.</param>
    /// <param name="configure">Changes the settings of the web host after the configuration.</param>
    public static DashboardHost Create(
        IConfiguration settings, Func<IServiceCollection, OrchestratorBuilder> register, HomeHostingMode hosting, Action<WebOptions>? configure = null)
    {
        // Empty: the program reads its settings itself, and has a lifetime and a logger of its own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "orchestrator" });
        builder.Configuration.AddConfiguration(settings);
        builder.WebHost.UseKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Configure(context.Configuration.GetSection("Kestrel"));
        });
        builder.Logging.AddFilter<SerilogLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // the program says why it does not start
        builder.Services.AddRouting();
        builder.Services.AddSingleton(new HomeHosting(hosting));
        register(builder.Services).AddDashboard(configure);
        builder.Services.PostConfigure<WebOptions>(web => RequireToken(web, settings));
        KeepKeysInMemory(builder.Services);
        NameAntiforgeryCookie(builder.Services);
        builder.Services.AddSingleton<Serilog.Extensions.Hosting.DiagnosticContext>(_ => new(logger: null));
        builder.Services.AddSingleton<IDiagnosticContext>(p => p.GetRequiredService<Serilog.Extensions.Hosting.DiagnosticContext>());

        var app = builder.Build();
        foreach (var address in ListenAddress.Of(app.Services.GetRequiredService<IOptions<WebOptions>>().Value.Urls))
            app.Urls.Add(address.Url);
        app.UseSerilogRequestLogging(options => options.GetLevel = RequestLogLevel.Of);
        app.MapOrchestrator();
        return new DashboardHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Nothing that is protected outlives the process, so no key ring is made and kept on the disk.</summary>
    private static void KeepKeysInMemory(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var loader in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService").ToArray())
            services.Remove(loader);
    }

    /// <summary>
    /// Cookies ignore ports, and each process has a key of its own: the port in the name keeps the cookies of two hosts apart. The options
    /// are made for the first request, when the port is known.
    /// </summary>
    private static void NameAntiforgeryCookie(IServiceCollection services) =>
        services.AddOptions<AntiforgeryOptions>().Configure<IServer>((options, server) =>
            options.Cookie.Name = $"orchestrator-antiforgery-{PortOf(server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault())}");

    private static string PortOf(string? address) => address is null ? "" : address.TrimEnd('/')[(address.TrimEnd('/').LastIndexOf(':') + 1)..];

    /// <summary>A dashboard that other machines reach is never open.</summary>
    private static void RequireToken(WebOptions options, IConfiguration settings)
    {
        if (string.IsNullOrEmpty(options.Token) && (ListenAddress.Of(options.Urls).Any(address => !address.IsLoopback) || EndpointsOf(settings).Any(url => !IsLoopback(url))))
            options.Token = AccessToken.Generate().Value;
    }

    /// <summary>Kestrel's own endpoints, which take the place of <see cref="WebOptions.Urls"/>.</summary>
    private static IEnumerable<string> EndpointsOf(IConfiguration settings) =>
        settings.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "");

    private static bool IsLoopback(string url) => ListenAddress.Of(url) is [{ IsLoopback: true }];
}
