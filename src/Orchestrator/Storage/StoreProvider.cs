using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting;
using Orchestrator.Storage.Sqlite;

namespace Orchestrator.Storage;

/// <summary>Opens the store when it is first needed and closes it with the host.</summary>
internal sealed class StoreProvider(
    OrchestratorHome home, IOptions<OrchestratorOptions> options, ILogger<SqliteSweepStore> logger, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<SqliteSweepStore>? _store;

    /// <summary>Whether there is anything to read: looking must not make a database.</summary>
    public bool Exists => File.Exists(home.Database);

    /// <exception cref="StoreException">It cannot be opened; the message says why.</exception>
    public async Task<ISweepStore> GetAsync()
    {
        Task<SqliteSweepStore> opening;
        lock (_gate)
            opening = _store ??= OpenAsync();
        return await opening.ConfigureAwait(false);
    }

    /// <summary>As <see cref="GetAsync"/>, for whoever is about to write.</summary>
    /// <exception cref="StoreException">It cannot be opened, or may not be written.</exception>
    public async Task<ISweepStore> GetWritableAsync()
    {
        var store = await GetAsync().ConfigureAwait(false);
        return store.IsReadOnly ? throw SqliteErrors.ReadOnly(home.Database) : store;
    }

    public async ValueTask DisposeAsync()
    {
        SqliteSweepStore store;
        try
        {
            if (_store is not { } opening)
                return;
            store = await opening.ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return; // it never opened; whoever asked for it has been told
        }

        await store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<SqliteSweepStore> OpenAsync()
    {
        try
        {
            Directory.CreateDirectory(home.Path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"The home folder '{home.Path}' cannot be made: {cause.Message} "
                + "Choose another with --home, ORCHESTRATOR_HOME or Orchestrator:Home.",
                cause);
        }

        var how = new SqliteStoreOptions
        {
            DatabaseFile = home.Database,
            Durability = options.Value.Storage.Durability,
            Logger = logger,
            TimeProvider = time,
        };
        try
        {
            return await SqliteSweepStore.OpenAsync(how).ConfigureAwait(false);
        }
        catch (StoreException cause) when (Exists && SqliteErrors.MayBeReadOnly(cause))
        {
            return await SqliteSweepStore.OpenReadOnlyAsync(how).ConfigureAwait(false);
        }
    }
}
