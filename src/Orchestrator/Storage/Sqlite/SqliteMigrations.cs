using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>One step of the schema: the SQL that leads to <paramref name="Version"/> from the one before.</summary>
internal sealed record SqliteMigration(int Version, string Sql);

/// <summary>Brings a database to the newest schema. A step that was ever released is never changed: another one is added.</summary>
internal static class SqliteMigrations
{
    /// <summary>"ORCH": tells an Orchestrator database from any other.</summary>
    public const long ApplicationId = 0x4F524348;

    public static IReadOnlyList<SqliteMigration> All { get; } =
    [
        new(1, SqliteSchema1.Sql), new(2, SqliteSchema2.Sql), new(3, SqliteSchema3.Sql), new(4, SqliteSchema4.Sql), new(5, SqliteSchema5.Sql),
        new(6, SqliteSchema6.Sql), new(7, SqliteSchema7.Sql), new(8, SqliteSchema8.Sql), new(9, SqliteSchema9.Sql), new(10, SqliteSchema10.Sql),
    ];

    /// <summary>Refuses a database that is another program's or a newer version's. Changes nothing.</summary>
    public static void Check(SqliteConnection connection, IReadOnlyList<SqliteMigration> migrations)
    {
        var (application, version, isEmpty) = Look(connection);
        var known = migrations[^1].Version;
        if (application == ApplicationId)
        {
            if (version > known)
            {
                throw new StoreException(
                    $"The database {connection.DataSource} was written by a newer version of Orchestrator "
                    + $"(schema {version}; this one knows up to {known}). Update Orchestrator, or use another home.");
            }
        }
        else if (application != 0 || version != 0 || !isEmpty)
        {
            throw new StoreException(
                $"The file {connection.DataSource} is a database of another program. "
                + "It was left as it is; use another home, or move it away.");
        }
    }

    /// <summary>Applies what is missing, each step in a transaction of its own. Any number of processes may do so at once.</summary>
    public static void Apply(SqliteConnection connection, IReadOnlyList<SqliteMigration> migrations, SqliteBackoff backoff)
    {
        while (Pragma(connection, "user_version") < migrations[^1].Version)
        {
            backoff.WhileBusy(() => connection.Execute("BEGIN IMMEDIATE"));
            try
            {
                Check(connection, migrations); // again: another process may have been quicker, and newer
                var version = Pragma(connection, "user_version");
                if (migrations.FirstOrDefault(m => m.Version > version) is { } next)
                {
                    connection.Execute(next.Sql);
                    connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next.Version};");
                }

                connection.Execute("COMMIT");
            }
            catch
            {
                connection.Handle!.Rollback();
                throw;
            }
        }
    }

    /// <summary>
    /// Of one moment: between two looks another process may make the tables, and a new database of ours would pass for another program's.
    /// A savepoint, since it may stand in a transaction.
    /// </summary>
    private static (long Application, long Version, bool IsEmpty) Look(SqliteConnection connection)
    {
        connection.Execute("SAVEPOINT look");
        try
        {
            return (Pragma(connection, "application_id"), Pragma(connection, "user_version"),
                connection.Query("SELECT count(*) FROM sqlite_master", r => r.GetInt64(0))[0] == 0);
        }
        finally
        {
            connection.Handle!.Release("look");
        }
    }

    private static long Pragma(SqliteConnection connection, string name) => connection.Query($"PRAGMA {name}", r => r.GetInt64(0))[0];
}
