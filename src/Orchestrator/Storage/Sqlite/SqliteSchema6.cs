namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 6: what reproducible sweeps need to know of themselves.</summary>
internal static class SqliteSchema6
{
    public const string Sql = """
        -- lost: the first thing that happened to the sweep's runs which need not happen again when it is repeated (a timeout, for one).
        -- decided_from: the run from which on results decide whether it goes on; higher than 0 once it was taken up beyond its end.
        ALTER TABLE sweeps ADD COLUMN lost TEXT;
        ALTER TABLE sweeps ADD COLUMN decided_from INTEGER NOT NULL DEFAULT 0;
        """;
}
