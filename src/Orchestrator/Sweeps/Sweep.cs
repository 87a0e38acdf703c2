using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;

namespace Orchestrator;

/// <summary>Runs sweeps from code.</summary>
public static class Sweep
{
    /// <summary>Runs a sweep whose runs are calls of a delegate, many at once, in this process.</summary>
    /// <param name="definition">What to search, and how.</param>
    /// <param name="trainable">Called for each attempt, with a run of its own. An exception fails that run and no other.</param>
    /// <param name="cancellationToken">Ends the runs, which are recorded as canceled and can be resumed.</param>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was run.</exception>
    /// <exception cref="SweepCanceledException">The token was canceled; the exception has the id by which the sweep is resumed.</exception>
    public static Task<SweepResult> RunAsync(
        SweepDefinition definition, Func<RunContext, CancellationToken, Task> trainable, CancellationToken cancellationToken = default) =>
        RunAsync(definition, trainable, new SweepOptions(), cancellationToken);

    /// <summary>As the other overload, with options: where results are kept, how many runs at once, a stored sweep to go on with.</summary>
    /// <inheritdoc cref="RunAsync(SweepDefinition, Func{RunContext, CancellationToken, Task}, CancellationToken)"/>
    public static async Task<SweepResult> RunAsync(
        SweepDefinition definition,
        Func<RunContext, CancellationToken, Task> trainable,
        SweepOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(trainable);
        ArgumentNullException.ThrowIfNull(options);
        var settings = ProgramSettings.Read(options.Home);
        var services = new ServiceCollection();
        services.AddOrchestratorLogging(settings);
        services.AddOrchestrator(settings);
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var runner = provider.GetRequiredService<SweepScheduler>();
            var request = Request(options) with
            {
                Definition = definition,
                Delegate = TrainableRunner.OfDelegate(definition.Name ?? "delegate", trainable),
            };
            return await runner.RunAndLogAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a sweep whose runs are calls of a delegate that returns the value of the sweep's metric.</summary>
    /// <typeparam name="T">The value's type; it is stored as a <see cref="double"/>.</typeparam>
    /// <param name="definition">What to search, and how.</param>
    /// <param name="trainable">Called for each attempt, with a run of its own. What it returns is reported as the metric behind what the run reported itself.</param>
    /// <param name="options">How the sweep is executed; <see langword="null"/>: the defaults.</param>
    /// <param name="cancellationToken">Ends the runs, which are recorded as canceled and can be resumed.</param>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was run.</exception>
    /// <exception cref="SweepCanceledException">The token was canceled; the exception has the id by which the sweep is resumed.</exception>
    public static Task<SweepResult> RunAsync<T>(
        SweepDefinition definition,
        Func<RunContext, CancellationToken, Task<T>> trainable,
        SweepOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(trainable);
        return RunAsync(definition, ReturnedObjective.Reporting(trainable), options ?? new SweepOptions(), cancellationToken);
    }

    /// <summary>Runs a sweep of registered trainables.</summary>
    /// <param name="definition">What to search, and how.</param>
    /// <param name="services">Services to which <c>AddOrchestrator</c> was applied; each run gets a scope of its own.</param>
    /// <param name="options">How it is executed.</param>
    /// <param name="cancellationToken">Ends the runs, which are recorded as canceled and can be resumed.</param>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; nothing was run.</exception>
    /// <exception cref="SweepCanceledException">The token was canceled; the exception has the id by which the sweep is resumed.</exception>
    public static Task<SweepResult> RunAsync(
        SweepDefinition definition, IServiceProvider services, SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<SweepScheduler>().RunAndLogAsync(Request(options) with { Definition = definition }, cancellationToken);
    }

    /// <summary>Runs a sweep file.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="services">Services to which <c>AddOrchestrator</c> was applied; each run gets a scope of its own.</param>
    /// <param name="options">How it is executed.</param>
    /// <param name="cancellationToken">Ends the runs, which are recorded as canceled and can be resumed.</param>
    /// <exception cref="InvalidSweepFileException">The file has mistakes; the message lists all with their places. Nothing was run.</exception>
    /// <exception cref="SweepCanceledException">The token was canceled; the exception has the id by which the sweep is resumed.</exception>
    public static Task<SweepResult> RunAsync(
        string file, IServiceProvider services, SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(services);
        var read = SweepFileReader.ReadFile(file, services.GetRequiredService<ISweepCatalog>(), options?.Set);
        if (read.Definition is null)
            throw new InvalidSweepFileException(read.Problems);
        return services.GetRequiredService<SweepScheduler>()
            .RunAndLogAsync(Request(options) with { Definition = read.Definition, File = file, Locate = read.Locate }, cancellationToken);
    }

    private static SweepRequest Request(SweepOptions? options) => new()
    {
        Workers = options?.Workers,
        Resume = options?.Resume,
        Observer = options?.Observer,
        Control = options?.Control ?? new SweepControl(),
    };
}
