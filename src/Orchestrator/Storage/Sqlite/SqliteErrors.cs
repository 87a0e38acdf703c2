using Microsoft.Data.Sqlite;
using Orchestrator.Execution;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Says what a database's error means to a person, and what to do.</summary>
internal static class SqliteErrors
{
    public static StoreException Explain(Exception cause, string file) => cause switch
    {
        StoreException known => known,
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } error when IsFull(file) => new StoreException($"{Describe(raw.SQLITE_FULL, file)} ({error.Message.TrimEnd('.')})", cause),
        SqliteException error => new StoreException($"{Describe(error.SqliteErrorCode, file)} ({error.Message.TrimEnd('.')})", cause),
        _ => new StoreException($"Writing to {file} failed in an unforeseen way: {cause.GetType().Name}: {cause.Message}", cause),
    };

    /// <summary>What whoever wants to write to a database that may not be written is told.</summary>
    public static StoreException ReadOnly(string file, Exception? cause = null) => new(Describe(raw.SQLITE_READONLY, file), cause);

    /// <summary>Whether the database could perhaps be read, though not written.</summary>
    public static bool MayBeReadOnly(StoreException cause) => cause.InnerException switch
    {
        SqliteException error => error.SqliteErrorCode is raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN,
        UnauthorizedAccessException or IOException => true,
        _ => false,
    };

    /// <summary>Whether a database could not be opened for writing because its disk is full: it may be looked at.</summary>
    public static bool IsOfFullDisk(StoreException cause, string file) => cause.InnerException is SqliteException error
        && (error.SqliteErrorCode == raw.SQLITE_FULL || (error.SqliteErrorCode == raw.SQLITE_IOERR && IsFull(file)));

    private static bool IsFull(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && FullDisk.Holds(folder);

    private static string Describe(int code, string file) => code switch
    {
        raw.SQLITE_FULL => $"The disk that holds {file} is full. What was committed is kept; free some space, then resume.",
        raw.SQLITE_IOERR => $"Reading or writing {file} failed: the disk gave an error, or the file is gone. Check the disk, then resume.",
        raw.SQLITE_CORRUPT =>
            $"The database {file} is damaged. It was left as it is; copy it away, then recover it (sqlite3 .recover) or use another home.",
        raw.SQLITE_NOTADB => $"The file {file} is not a database. It was left as it is; use another home, or move it away.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM =>
            $"The database {file} may not be written: what is in it can be looked at, and nothing be run or changed. "
            + "Give this user the right to write it and its folder, or use another home.",
        raw.SQLITE_CANTOPEN => $"The database {file} cannot be opened. Check that its folder exists and may be written.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            $"Another process holds the database {file} and did not let go of it. End that process, then resume.",
        _ => $"The database {file} failed with SQLite's error {code}.",
    };
}
