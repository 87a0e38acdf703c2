namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 2: what people ask of a sweep that another process executes, and what a hosted scheduler needs to know of it.</summary>
internal static class SqliteSchema2
{
    public const string Sql = """
        -- hosted: 1 if a hosted scheduler takes the sweep up again when it starts
        ALTER TABLE sweeps ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sweeps ADD COLUMN hosted INTEGER NOT NULL DEFAULT 0;

        -- request: JSON; accepted and answer are NULL until the sweep's process has answered
        CREATE TABLE requests (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          sweep INTEGER NOT NULL,
          at INTEGER NOT NULL,
          request TEXT NOT NULL,
          accepted INTEGER,
          answer TEXT
        );
        CREATE INDEX requests_open ON requests (sweep) WHERE accepted IS NULL;
        """;
}
