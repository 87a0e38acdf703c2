namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 10: what pages of sweeps, runs and failures are read by.</summary>
internal static class SqliteSchema10
{
    public const string Sql = """
        -- elapsed_at: when elapsed_seconds was true. A sweep that is being executed has taken that much longer since.
        ALTER TABLE sweeps ADD COLUMN elapsed_at INTEGER;

        -- Everything by which sweeps are filtered: their rows are long, with the whole definition in each.
        CREATE INDEX sweeps_listed ON sweeps (kind, state, project, name, id);

        -- The failed attempts alone, so that failures are counted without parsing them, and an attempt that succeeds costs nothing more.
        CREATE TABLE failures (
          run INTEGER NOT NULL, attempt INTEGER NOT NULL, fingerprint TEXT NOT NULL,
          PRIMARY KEY (run, attempt)
        ) WITHOUT ROWID;
        INSERT INTO failures (run, attempt, fingerprint) SELECT run, number, failure ->> '$.fingerprint' FROM attempts WHERE failure IS NOT NULL;
        """;
}
