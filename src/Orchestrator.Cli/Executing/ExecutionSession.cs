using System.CommandLine;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Progress;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Cli.Telemetry;
using Orchestrator.Hosting;
using Orchestrator.Sampling;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Executing;

/// <summary>A host, and one sweep executed in it: signals, progress, the result and the exit code.</summary>
internal sealed class ExecutionSession : IAsyncDisposable
{
    private const int BestShown = 10;
    private static readonly TimeSpan HostGrace = TimeSpan.FromSeconds(5);

    private readonly CliApp _app;
    private readonly IHost _host;
    private readonly Func<IEnumerable<string>>? _links;
    private readonly IDisposable? _telemetry;

    private ExecutionSession(CliApp app, IHost host, Func<IEnumerable<string>>? links, IDisposable? telemetry) =>
        (_app, _host, _links, _telemetry) = (app, host, links, telemetry);

    public IServiceProvider Services => _host.Services;

    /// <param name="app">The program.</param>
    /// <param name="parsed">Its arguments.</param>
    /// <param name="dashboard">Whether the sweep is shown on a dashboard while it is executed.</param>
    public static ExecutionSession Create(CliApp app, ParseResult parsed, bool dashboard)
    {
        var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home), parsed.GetValue(CommonOptions.Gpus));
        if (dashboard)
            return WithDashboard(app, settings);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, Configuration = settings });
        Register(builder.Services, app, settings);
        return new ExecutionSession(app, builder.Build(), links: null, OtlpExport.Start(settings));
    }

    /// <summary>Executes the sweep and says how it went.</summary>
    public async Task<int> RunAsync(SweepRequest request, bool json, bool noProgress)
    {
        SweepResult result;
        int? ended;
        using (var progress = SweepProgressView.Create(_app.Console, noProgress))
        {
            using var signals = new SignalStages(request.Control, progress.Say, code => Leave(progress, code)).Listen();
            await StartAsync(progress);
            result = await Services.GetRequiredService<SweepScheduler>()
                .RunAsync(request with { Observer = progress.Observer }, CancellationToken.None);
            ended = result.EndKind == SweepEndKind.Requested ? signals.ExitCode : null;
        }

        await _host.StopAsync();
        if (result.Error is { } fault)
            throw Explain(fault, result);
        await ReportAsync(result, json);
        return ended ?? ExitCodes.Of(result.EndKind, result.Counts);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
        _telemetry?.Dispose(); // last: it sends what the end has told
    }

    // Apart, so that nothing of the web host is loaded unless it is asked for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ExecutionSession WithDashboard(CliApp app, ConfigurationManager settings)
    {
        var (host, links) = SweepDashboard.Create(settings, services => Register(services, app, settings));
        return new ExecutionSession(app, host, links, OtlpExport.Start(settings));
    }

    private static OrchestratorBuilder Register(IServiceCollection services, CliApp app, ConfigurationManager settings)
    {
        services.AddSingleton<IHostLifetime, SweepLifetime>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = HostGrace);
        services.AddOrchestratorLogging(settings);
        var orchestrator = AppServices.Register(services, app, settings);
        services.Configure<OrchestratorOptions>(o => o.ResumeOnStart = false); // one command, one sweep
        return orchestrator;
    }

    private Task StartAsync(SweepProgressView progress) => _links is null ? _host.StartAsync() : StartDashboardAsync(progress);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task StartDashboardAsync(SweepProgressView progress)
    {
        await Serving.ServeErrors.ExplainAsync(() => _host.StartAsync());
        foreach (var link in _links!())
            progress.Say($"Dashboard: {link}");
    }

    private static Exception Explain(Exception fault, SweepResult result) => fault switch
    {
        StoreException => fault,
        SamplingException => new CliException("sampling", $"{fault.Message} (sweep {result.Id})", ExitCodes.InvalidFile), // the file asks for it
        _ => new CliException("fault", $"{result.EndReason} ({ProgramName.Call($"resume {result.Id}")})", ExitCodes.Internal),
    };

    private static void Leave(SweepProgressView progress, int code)
    {
        progress.Dispose(); // gives the terminal its cursor back
        Environment.Exit(code);
    }

    private async Task ReportAsync(SweepResult result, bool json)
    {
        var store = await Services.GetRequiredService<StoreProvider>().GetAsync();
        var best = await store.BestAssignmentsAsync(result.Id, BestShown);
        if (!json)
        {
            var failures = await store.FailuresAsync(result.Sweep.Id, ResultReport.MostFailures);
            ResultReport.Write(_app.Console, result, best, failures, Services.GetRequiredService<OrchestratorHome>().Path);
            return;
        }

        JsonOutput.Write(_app.Console, writer =>
        {
            writer.WritePropertyName("sweep");
            SweepJson.Write(writer, result.Sweep, best);
        });
    }
}
