using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// Makes this process the host of its home, so that <c>submit</c>, <c>schedule</c> and <c>doctor</c> find it. There is one at a time: a kernel
/// lock, gone with the process, says which.
/// </summary>
internal sealed partial class HomeHost(
    OrchestratorHome home, DashboardAccess access, IServer server, TimeProvider time, ILogger<HomeHost> logger, HomeHosting hosting)
    : IHostedLifecycleService, IDisposable
{
    private SweepLock? _held;

    /// <exception cref="ServeBusyException">Another process is the home's host, and this one cannot do without.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (hosting.Mode == HomeHostingMode.None)
            return Task.CompletedTask;
        _held = ServeRecord.TryTake(home.Path);
        if (_held is not null)
            return Task.CompletedTask;
        var other = ServeRecord.Find(home.Path);
        var where = other is null ? "" : $" at {string.Join(", ", other.Urls)} (process {other.ProcessId})";
        if (hosting.Mode == HomeHostingMode.Required)
            throw new ServeBusyException($"The home '{home.Path}' is being served already{where}. Submit to that one, stop it first, or use another --home.");
        LogTaken(logger, home.Path, where);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_held is not null && server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses)
            new ServeRecord(Environment.ProcessId, [.. addresses.Select(address => address.TrimEnd('/') + hosting.Path.TrimEnd('/'))], access.OwnerToken.Value, time.GetUtcNow()).Write(home.Path);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_held is not null)
            ServeRecord.Remove(home.Path);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => Interlocked.Exchange(ref _held, null)?.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another process serves the home {Home}{Where}: 'submit' and 'schedule' reach that one.")]
    private static partial void LogTaken(ILogger logger, string home, string where);
}
