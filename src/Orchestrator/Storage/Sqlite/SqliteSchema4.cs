namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 4: experiments and runs held by hand, what runs say of themselves beside their metrics, and what made their results.</summary>
internal static class SqliteSchema4
{
    public const string Sql = """
        -- kind: 0 a sweep, 1 an experiment, whose runs are held by hand. An experiment's row stands for one configuration in one project.
        ALTER TABLE sweeps ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX experiments ON sweeps (identity, project) WHERE kind = 1;

        -- id: of a run held by hand; the others are named by their sweep and number. project: its own, where it is not the experiment's.
        -- Both indexes hold none but runs held by hand; the second one those that are being executed, so that lost ones are found at once.
        ALTER TABLE runs ADD COLUMN id TEXT;
        ALTER TABLE runs ADD COLUMN project TEXT;
        CREATE UNIQUE INDEX runs_id ON runs (id) WHERE id IS NOT NULL;
        CREATE INDEX runs_held ON runs (key) WHERE state = 1 AND id IS NOT NULL;

        -- session: the process that holds the run by hand (a locked file of that name in the home's folder 'sessions')
        ALTER TABLE attempts ADD COLUMN session TEXT;
        ALTER TABLE attempts ADD COLUMN environment INTEGER;

        -- content: JSON. One row for each that differs.
        CREATE TABLE environments (id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE);

        -- path: relative to the run's folder
        CREATE TABLE artifacts (
          run INTEGER NOT NULL,
          name TEXT NOT NULL,
          path TEXT NOT NULL,
          bytes INTEGER NOT NULL,
          sha256 TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (run, name)
        ) WITHOUT ROWID;

        -- number: from 0 in each attempt; failure: JSON
        CREATE TABLE tasks (
          run INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          number INTEGER NOT NULL,
          name TEXT NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at INTEGER,
          failure TEXT,
          PRIMARY KEY (run, attempt, number)
        ) WITHOUT ROWID;
        """;
}
