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
    private readonly SemaphoreSlim _oneReopens = new(1, 1);
    private Task<SqliteSweepStore>? _store;
    private SqliteSweepStore? _failed;

    /// <summary>Whether there is anything to read: looking must not make a database.</summary>
    public bool Exists => File.Exists(home.Database);

    /// <exception cref="StoreException">It cannot be opened; the message says why.</exception>
    public async Task<ISweepStore> GetAsync() => await CurrentAsync().ConfigureAwait(false);

    /// <summary>
    /// As <see cref="GetAsync"/>, for whoever is about to write: a store that has failed is opened anew, for them and all who come later. Who
    /// was writing to the failed one goes on being refused: a part of what they said is lost.
    /// </summary>
    /// <exception cref="StoreException">It cannot be opened, or may not be written.</exception>
    public async Task<ISweepStore> GetWritableAsync()
    {
        var store = await CurrentAsync().ConfigureAwait(false);
        if (store.HasFailed)
            store = await ReopenAsync().ConfigureAwait(false);
        return store.IsReadOnly ? throw SqliteErrors.ReadOnly(home.Database) : store;
    }

    private Task<SqliteSweepStore> CurrentAsync()
    {
        lock (_gate)
        {
            if (_store is null or { IsFaulted: true })
                _store = OpenAsync();
            return _store;
        }
    }

    /// <exception cref="StoreException">It cannot be opened yet; the old one goes on for those who look.</exception>
    private async Task<SqliteSweepStore> ReopenAsync()
    {
        await _oneReopens.WaitAsync().ConfigureAwait(false);
        try
        {
            var current = await CurrentAsync().ConfigureAwait(false);
            if (!current.HasFailed)
                return current;
            var opened = await SqliteSweepStore.OpenAsync(How()).ConfigureAwait(false);
            lock (_gate)
                _store = Task.FromResult(opened);
            // Somebody may still be reading from the one that failed just now, but hardly from one that failed before it.
            (var older, _failed) = (_failed, current);
            if (older is not null)
                await older.DisposeAsync().ConfigureAwait(false);
            return opened;
        }
        finally
        {
            _oneReopens.Release();
        }
    }

    /// <summary>Whether the host, and the store with it, is gone.</summary>
    public bool IsDisposed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        if (_failed is { } failed)
            await failed.DisposeAsync().ConfigureAwait(false);
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

        var how = How();
        try
        {
            return await SqliteSweepStore.OpenAsync(how).ConfigureAwait(false);
        }
        catch (StoreException cause) when (Exists && SqliteErrors.MayBeReadOnly(cause))
        {
            return await SqliteSweepStore.OpenReadOnlyAsync(how).ConfigureAwait(false);
        }
        catch (StoreException cause) when (Exists && SqliteErrors.IsOfFullDisk(cause, home.Database))
        {
            return await SqliteSweepStore.OpenReadOnlyAsync(how, why: cause).ConfigureAwait(false);
        }
    }

    private SqliteStoreOptions How() => new()
    {
        DatabaseFile = home.Database,
        Durability = options.Value.Storage.Durability,
        Logger = logger,
        TimeProvider = time,
    };
}
