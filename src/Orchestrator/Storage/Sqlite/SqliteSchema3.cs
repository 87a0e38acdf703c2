namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 3: what trackers lost.</summary>
internal static class SqliteSchema3
{
    public const string Sql = """
        CREATE TABLE tracker_losses (
          run INTEGER NOT NULL, attempt INTEGER NOT NULL, tracker TEXT NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL,
          PRIMARY KEY (run, attempt, tracker)
        ) WITHOUT ROWID;
        """;
}
