using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Opens connections to one database file and checks that it is one of ours.</summary>
internal static class SqliteConnections
{
    /// <summary>Bytes of an index of the write-ahead log; a disk that is full leaves less of one.</summary>
    private const int SmallestIndex = 32 * 1024;

    /// <summary>The writer's connection, its schema brought up to date.</summary>
    /// <exception cref="StoreException">The file is damaged, another program's, a newer version's, or cannot be opened.</exception>
    public static sqlite3 OpenWriter(SqliteStoreOptions options)
    {
        using var backoff = new SqliteBackoff(options.TimeProvider, options.JitterSeed);
        sqlite3? database = null;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(options.DatabaseFile)) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            CheckExisting(options, backoff);
            using var connection = Open(options.DatabaseFile, SqliteOpenMode.ReadWriteCreate);
            // The log is the first thing written: only a new or a checked database comes this far.
            backoff.WhileBusy(() => UseWriteAheadLog(connection));
            SqliteMigrations.Apply(connection, options.Migrations, backoff);

            // Only one thread at a time uses the writer's connection: it goes without SQLite's own locks, a tenth of its time.
            SqliteException.ThrowExceptionForRC(
                raw.sqlite3_open_v2(options.DatabaseFile, out database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null),
                database);
            database.Execute($"""
                PRAGMA synchronous = {(options.Durability == StorageDurability.Power ? "FULL" : "NORMAL")};
                PRAGMA wal_autocheckpoint = 4000;      -- 16 MB: a page written over and over is copied once
                PRAGMA journal_size_limit = 67108864;
                PRAGMA cache_size = -16384;
                """);
            if (raw.sqlite3_db_readonly(database, "main") == 1)
                throw SqliteErrors.ReadOnly(options.DatabaseFile, new SqliteException("attempt to write a readonly database", raw.SQLITE_READONLY));
            if (options.MaxPages is { } pages)
                database.Execute($"PRAGMA max_page_count = {pages}");
            return database;
        }
        catch (Exception cause) when (cause is SqliteException or StoreException or IOException or UnauthorizedAccessException)
        {
            database?.Dispose();
            throw SqliteErrors.Explain(cause, options.DatabaseFile);
        }
    }

    public static SqliteConnection OpenReader(string file)
    {
        var connection = Open(file, SqliteOpenMode.ReadWrite); // a reader of a write-ahead log takes part in its locks
        connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = 1; PRAGMA cache_size = -4096;");
        return connection;
    }

    /// <summary>A reader of a database that may not be written, nor its folder.</summary>
    public static SqliteConnection OpenReadOnly(string file)
    {
        // Where there is no index of the write-ahead log none can be made, and so the log cannot be read. If it is empty, the file is all
        // there is. A database that others write has an index, and is read the usual way.
        var isAll = new FileInfo(file + "-shm") is not { Exists: true, Length: >= SmallestIndex };
        if (isAll && new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new StoreException(
                $"The last changes to {file} are in its write-ahead log, which can be read only where the folder may be written. "
                + "Copy the home folder to where you may write, and look at the copy with --home.");
        }

        var connection = Open(isAll ? UriOf(file) + "?immutable=1" : file, SqliteOpenMode.ReadOnly);
        connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = 1; PRAGMA cache_size = -4096;");
        return connection;
    }

    /// <summary>Whether the database can be read as it is.</summary>
    /// <exception cref="StoreException">It is damaged, another program's, of another version, or cannot be read.</exception>
    public static void CheckReadOnly(SqliteStoreOptions options)
    {
        try
        {
            using var connection = OpenReadOnly(options.DatabaseFile);
            SqliteMigrations.Check(connection, options.Migrations);
            var version = connection.Query("PRAGMA user_version", r => r.GetInt64(0))[0];
            if (version < options.Migrations[^1].Version)
            {
                throw new StoreException(
                    $"The database {options.DatabaseFile} was written by an older version of Orchestrator (schema {version}), and may not be written, so it "
                    + "cannot be brought up to date. Copy the home folder to where you may write, and look at the copy with --home.");
            }
        }
        catch (SqliteException cause)
        {
            throw SqliteErrors.Explain(cause, options.DatabaseFile);
        }
    }

    private static void UseWriteAheadLog(SqliteConnection connection)
    {
        var mode = connection.Query("PRAGMA journal_mode = WAL", r => r.GetString(0))[0];
        if (mode != "wal")
        {
            throw new StoreException(
                $"The file system that holds {connection.DataSource} allows no write-ahead log (a network share?). "
                + "Use a home on a local disk.");
        }
    }

    /// <summary>Looks at an existing file read-only, so that what is not ours keeps every byte.</summary>
    private static void CheckExisting(SqliteStoreOptions options, SqliteBackoff backoff)
    {
        if (new FileInfo(options.DatabaseFile) is not { Exists: true, Length: > 0 })
            return;
        using var connection = Open(options.DatabaseFile, SqliteOpenMode.ReadOnly);
        backoff.WhileBusy(() => SqliteMigrations.Check(connection, options.Migrations));
    }

    /// <summary>Part by part: <see cref="Uri"/> takes "%41" in a folder's name for an "A".</summary>
    private static string UriOf(string file)
    {
        var parts = Path.GetFullPath(file).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString);
        return "file:///" + string.Join('/', parts).TrimStart('/');
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 1, // seconds the library itself waits out a busy database, in long sleeps
        }.ToString());
        connection.Open();
        return connection;
    }
}
