using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Settings;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Looks;

/// <summary>A look at the sweep that a person named, or at the latest.</summary>
internal sealed class SweepLook : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SweepLook(ServiceProvider services, ISweepStore store, SweepRecord sweep) => (_services, Store, Sweep) = (services, store, sweep);

    public ISweepStore Store { get; }

    public SweepRecord Sweep { get; }

    /// <exception cref="CliException">There is no such sweep.</exception>
    public static async Task<SweepLook> AtAsync(CliApp app, ParseResult parsed, Argument<string?> named)
    {
        var services = AppServices.ForLooks(app, parsed);
        try
        {
            var stored = new StoredSweeps(services);
            var sweep = await stored.FindAsync(parsed.GetValue(named));
            return new SweepLook(services, await stored.StoreAsync(), sweep);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
