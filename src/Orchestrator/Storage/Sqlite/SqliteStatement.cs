using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// A statement prepared once and used for the writer's life: SQLite's own calls, several times quicker than the library's command layer.
/// Parameters are numbered from 1 and keep their values until they are bound again.
/// </summary>
internal sealed class SqliteStatement(sqlite3 database, string sql) : IDisposable
{
    private static readonly byte[] NotANumber = "NaN"u8.ToArray();

    private readonly sqlite3 _database = database;
    private readonly sqlite3_stmt _statement = Prepare(database, sql);
    private readonly byte[] _text = new byte[4096];

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, long? value)
    {
        if (value is { } given)
            Bind(index, given);
        else
            BindNull(index);
    }

    /// <summary>Binds a number; NaN as text, since SQLite makes NULL of it.</summary>
    public void Bind(int index, double value) => Check(
        double.IsNaN(value)
            ? raw.sqlite3_bind_text(_statement, index, NotANumber.AsSpan())
            : raw.sqlite3_bind_double(_statement, index, value));

    public void Bind(int index, double? value)
    {
        if (value is { } given)
            Bind(index, given);
        else
            BindNull(index);
    }

    public void Bind(int index, DateTimeOffset value) => Bind(index, SqliteValues.FromTime(value));

    public void Bind(int index, string? value)
    {
        if (value is null)
        {
            BindNull(index);
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_text.Length < most)
        {
            var rented = ArrayPool<byte>.Shared.Rent(most); // rare and maybe large: not kept
            Bind(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
            ArrayPool<byte>.Shared.Return(rented);
            return;
        }

        Bind(index, _text.AsSpan(0, Encoding.UTF8.GetBytes(value, _text)));
    }

    /// <summary>Binds text in UTF-8.</summary>
    public void Bind(int index, ReadOnlySpan<byte> utf8) => Check(
        utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, index, "") : raw.sqlite3_bind_text(_statement, index, utf8));

    public void BindNull(int index) => Check(raw.sqlite3_bind_null(_statement, index));

    /// <summary>Runs it to its end and returns how many rows it changed.</summary>
    public int Run()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE && code != raw.SQLITE_ROW)
            SqliteException.ThrowExceptionForRC(code, _database);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs a statement without parameters.</summary>
    /// <returns>False if another connection holds the database.</returns>
    public bool RunUnlessBusy()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code == raw.SQLITE_DONE)
            return true;
        if ((code & 0xFF) != raw.SQLITE_BUSY)
            SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    /// <summary>Runs it to its first row; <see cref="Reset"/> must follow.</summary>
    /// <returns>Whether there is a row.</returns>
    public bool Read()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public double Number(int column) => raw.sqlite3_column_double(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public bool IsText(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_TEXT;

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public void Reset() => raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement),
            database);
        return statement;
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
