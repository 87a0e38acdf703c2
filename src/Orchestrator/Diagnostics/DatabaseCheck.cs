using Microsoft.Data.Sqlite;
using Orchestrator.Hosting;
using Orchestrator.Storage.Sqlite;

namespace Orchestrator.Diagnostics;

/// <summary>Whether the database opens, is whole, and has the schema that this program knows. Looks only: makes and changes nothing.</summary>
internal sealed class DatabaseCheck(OrchestratorHome home) : IDoctorCheck
{
    /// <summary>The writer empties the log at 16 MiB; much more means that a reader stood in its way, or that its process was killed.</summary>
    private const long LargeLog = 256L << 20;

    public string Name => "database";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<DoctorFinding>>(
            () => File.Exists(home.Database) ? [.. Look()] : [DoctorFinding.Ok("none yet: the first sweep makes it")], cancellationToken);

    private List<DoctorFinding> Look()
    {
        var findings = new List<DoctorFinding>();
        try
        {
            using var connection = Open();
            var version = connection.Query("PRAGMA user_version", r => r.GetInt64(0))[0];
            var newest = SqliteMigrations.All[^1].Version;
            findings.Add(DoctorFinding.Ok(
                $"{Path.GetFileName(home.Database)} opens: SQLite {connection.ServerVersion}, schema {version}{(version < newest ? $" (the next sweep brings it to {newest})" : "")}, "
                + $"{ByteText.Of(Size(home.Database))}, {Sweeps(connection)}"));
            var problems = connection.Query("PRAGMA quick_check(3)", r => r.GetString(0));
            findings.Add(problems is ["ok"]
                ? DoctorFinding.Ok("whole (quick_check)")
                : DoctorFinding.Error(
                    $"damaged: {string.Join("; ", problems)}",
                    $"Stop everything that uses it and save what can be read: sqlite3 '{home.Database}' .recover | sqlite3 recovered.db"));
        }
        catch (Exception cause) when (cause is SqliteException or StoreException)
        {
            var said = cause is SqliteException ? SqliteErrors.Explain(cause, home.Database).Message : cause.Message;
            findings.Add(DoctorFinding.Error(said, "Use another home, or put a copy of the database in its place."));
        }

        var log = Size(home.Database + "-wal");
        findings.Add(log > LargeLog
            ? DoctorFinding.Warning($"the write-ahead log has {ByteText.Of(log)}", "It is emptied when the last process that uses the database ends; look for one that hangs.")
            : DoctorFinding.Ok($"the write-ahead log has {ByteText.Of(log)}"));
        return findings;
    }

    /// <summary>A database that may not be written is looked at all the same; that the home may not be written another check says.</summary>
    private SqliteConnection Open()
    {
        var connection = SqliteConnections.OpenReader(home.Database);
        try
        {
            SqliteMigrations.Check(connection, SqliteMigrations.All);
            return connection;
        }
        catch (SqliteException cause) when (SqliteErrors.MayBeReadOnly(SqliteErrors.Explain(cause, home.Database)))
        {
            connection.Dispose();
            connection = SqliteConnections.OpenReadOnly(home.Database);
            SqliteMigrations.Check(connection, SqliteMigrations.All);
            return connection;
        }
    }

    private static string Sweeps(SqliteConnection connection)
    {
        var count = connection.Query("SELECT count(*) FROM sweeps", r => r.GetInt64(0))[0];
        var runs = connection.Query("SELECT coalesce(sum(queued + running + paused + completed + failed + pruned + canceled), 0) FROM tallies", r => r.GetInt64(0))[0];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} sweeps, {runs:N0} runs");
    }

    private static long Size(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
