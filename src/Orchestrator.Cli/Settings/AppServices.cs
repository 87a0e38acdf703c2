using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Settings;

/// <summary>The services of a verb that executes nothing: no host, no logging, nothing opened before it is asked for.</summary>
internal static class AppServices
{
    /// <summary>Services for looking at what is stored.</summary>
    public static ServiceProvider ForLooks(CliApp app, ParseResult parsed)
    {
        var services = new ServiceCollection();
        services.AddOrchestrator(AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home)));
        return services.BuildServiceProvider();
    }

    /// <summary>Services that know what the program registers: what a sweep file may name.</summary>
    public static ServiceProvider WithCatalog(CliApp app, ParseResult parsed)
    {
        var services = new ServiceCollection();
        Register(services, app, AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home)));
        return services.BuildServiceProvider();
    }

    /// <summary>Adds the orchestrator and what the program brings along.</summary>
    public static void Register(IServiceCollection services, CliApp app, IConfiguration settings)
    {
        var orchestrator = services.AddOrchestrator(settings);
        app.Configure?.Invoke(new OrchestratorAppBuilder(orchestrator, settings));
    }
}
