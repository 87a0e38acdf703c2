namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 8: values that a later attempt has reported anew, and what of a run was not kept.</summary>
internal static class SqliteSchema8
{
    public const string Sql = """
        -- An attempt that goes on from where another stood repeats what came after that point: of this metric, the values that the attempts before it
        -- had reported from this step on do not belong to its series.
        CREATE TABLE series_replaced (
          run INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          metric INTEGER NOT NULL,
          step INTEGER NOT NULL,
          PRIMARY KEY (run, attempt, metric)
        ) WITHOUT ROWID;

        CREATE TABLE run_warnings (
          run INTEGER NOT NULL,
          name TEXT NOT NULL,
          reason TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (run, name, reason)
        ) WITHOUT ROWID;
        """;
}
