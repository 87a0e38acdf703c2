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
    public static OrchestratorBuilder Register(IServiceCollection services, CliApp app, IConfiguration settings) =>
        Register(services, app.Configure, () => settings);

    /// <summary>The same in a worker's process, where settings are read once somebody asks for them.</summary>
    public static void RegisterInWorker(IServiceCollection services, Action<OrchestratorAppBuilder>? configure)
    {
        var folder = Environment.CurrentDirectory; // a run may leave it
        IConfiguration? read = null;
        Register(services, configure, () => read ??= AppSettings.Read(CliConsole.OfProcess(), home: null, folder: folder));
    }

    private static OrchestratorBuilder Register(IServiceCollection services, Action<OrchestratorAppBuilder>? configure, Func<IConfiguration> settings)
    {
        var orchestrator = services.AddOrchestratorReading(settings);
        configure?.Invoke(new OrchestratorAppBuilder(orchestrator, settings));
        return orchestrator;
    }
}
