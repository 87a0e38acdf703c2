using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Short forms for reading and for statements outside the hot path.</summary>
internal static class SqliteQueries
{
    /// <summary>
    /// Runs statements without a result. A busy database is an error at once: the library would wait it out in long sleeps.
    /// </summary>
    public static void Execute(this SqliteConnection connection, string sql) =>
        connection.Handle!.Execute(sql);

    /// <summary>Runs statements without a result.</summary>
    public static void Execute(this sqlite3 database, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(database, sql), database);

    /// <summary>Undoes the open transaction. SQLite may have done so by itself (a full disk), or there is none: the same end.</summary>
    public static void Rollback(this sqlite3 database) => raw.sqlite3_exec(database, "ROLLBACK");

    /// <summary>Ends a savepoint in which nothing was written. SQLite may have ended it by itself when a read failed (a full disk): that failure is the one to tell.</summary>
    public static void Release(this sqlite3 database, string savepoint) => raw.sqlite3_exec(database, "RELEASE " + savepoint);

    /// <summary>All rows of a query, each as made by <paramref name="row"/>.</summary>
    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public static string? TextOrNull(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static long? IntegerOrNull(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);

    public static DateTimeOffset Time(this SqliteDataReader reader, int ordinal) => SqliteValues.ToTime(reader.GetInt64(ordinal));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.Time(ordinal);

    /// <summary>A number that may be NaN.</summary>
    public static double Number(this SqliteDataReader reader, int ordinal) =>
        reader.GetFieldType(ordinal) == typeof(string) ? double.NaN : reader.GetDouble(ordinal);

    public static double? NumberOrNull(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.Number(ordinal);
}
