using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// A few connections for reading, opened when they are needed. Reads run on threads of the pool: SQLite's calls block. A read
/// transaction lasts for one call and no longer, since an open one keeps the write-ahead log from being emptied.
/// </summary>
internal sealed class SqliteReadPool(string file, int size, Func<string, SqliteConnection> open) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(size, size);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Reads one consistent state of the database.</summary>
    /// <exception cref="StoreException">The database cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(ISweepStore));
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ISweepStore));
            return await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Waits for the reads under way, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        for (var i = 0; i < size; i++)
            await _slots.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var connection))
            connection.Dispose();
        _slots.Release(size); // readers that waited find the pool disposed
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        SqliteConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
                connection = open(file);
            connection.Execute("BEGIN");
            var result = read(connection);
            connection.Execute("COMMIT");
            _idle.Add(connection);
            return result;
        }
        catch (Exception cause)
        {
            connection?.Dispose();
            if (cause is SqliteException)
                throw SqliteErrors.Explain(cause, file);
            throw;
        }
    }
}
