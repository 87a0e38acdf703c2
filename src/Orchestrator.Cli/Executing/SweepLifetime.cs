using Microsoft.Extensions.Hosting;

namespace Orchestrator.Cli.Executing;

/// <summary>
/// The host lives as long as the sweep and hears no signals: the console's own lifetime would answer the first Ctrl-C by shutting
/// everything down, and after 30 seconds whatever still runs.
/// </summary>
internal sealed class SweepLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
