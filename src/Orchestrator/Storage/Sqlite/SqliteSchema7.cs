namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 7: a retry by hand begins to count anew, whoever executes the sweep afterwards.</summary>
internal static class SqliteSchema7
{
    public const string Sql = """
        -- forgiven: the attempts that a run had when it was last tried again by hand: neither failures nor losses among them count any more.
        ALTER TABLE runs ADD COLUMN forgiven INTEGER NOT NULL DEFAULT 0;
        """;
}
