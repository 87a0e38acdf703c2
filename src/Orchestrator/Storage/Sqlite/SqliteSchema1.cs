namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Version 1. Times are in units of 100 ns since 1970 (UTC). A run's key is its sweep's key times 2^32 plus its number, so that the
/// runs of a sweep lie together in every table. NaN is stored as the text 'NaN', since SQLite makes NULL of it. There is no
/// secondary index but the one on a sweep's id: each would cost every run, and what is asked often is kept in <c>tallies</c>.
/// </summary>
internal static class SqliteSchema1
{
    public const string Sql = """
        -- state: 0 queued, 1 running, 2 paused, 3 completed, 4 stopped, 5 interrupted, 6 failed; goal: 0 minimize, 1 maximize
        -- metric_from: 0 last, 1 best. AUTOINCREMENT: the keys of a removed sweep and of its runs never come back.
        CREATE TABLE sweeps (
          key INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          state INTEGER NOT NULL,
          name TEXT NOT NULL,
          project TEXT NOT NULL,
          method TEXT NOT NULL,
          identity TEXT NOT NULL,
          metric TEXT NOT NULL,
          goal INTEGER NOT NULL,
          target REAL,
          metric_from INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          started_at INTEGER,
          ended_at INTEGER,
          elapsed_seconds REAL NOT NULL,
          planned_runs INTEGER,
          end_reason TEXT,
          description TEXT,
          file TEXT,
          definition TEXT NOT NULL
        );

        -- What is asked of a sweep all the time, kept by the writer in the transaction of each change. Apart from the sweep, whose
        -- long row would be rewritten by every commit.
        CREATE TABLE tallies (
          sweep INTEGER PRIMARY KEY,
          queued INTEGER NOT NULL DEFAULT 0,
          running INTEGER NOT NULL DEFAULT 0,
          paused INTEGER NOT NULL DEFAULT 0,
          completed INTEGER NOT NULL DEFAULT 0,
          failed INTEGER NOT NULL DEFAULT 0,
          pruned INTEGER NOT NULL DEFAULT 0,
          canceled INTEGER NOT NULL DEFAULT 0,
          consecutive_failures INTEGER NOT NULL DEFAULT 0,
          best_run INTEGER,
          best_objective REAL
        );

        -- state: 0 queued, 1 running, 2 paused, 3 completed, 4 failed, 5 pruned, 6 canceled. What a scan looks at comes first.
        CREATE TABLE runs (
          key INTEGER PRIMARY KEY,
          state INTEGER NOT NULL,
          proposal INTEGER NOT NULL,
          objective REAL,
          attempts INTEGER NOT NULL,
          lease INTEGER,
          replicate INTEGER NOT NULL,
          seed INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          started_at INTEGER,
          ended_at INTEGER,
          name TEXT NOT NULL,
          parameters TEXT NOT NULL
        );

        -- state: as of a run; failure: JSON
        CREATE TABLE attempts (
          run INTEGER NOT NULL,
          number INTEGER NOT NULL,
          state INTEGER NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at INTEGER,
          worker TEXT NOT NULL,
          device TEXT,
          failure TEXT,
          PRIMARY KEY (run, number)
        ) WITHOUT ROWID;

        CREATE TABLE metric_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        -- What the last attempt of a run came to.
        CREATE TABLE run_metrics (
          run INTEGER NOT NULL,
          metric INTEGER NOT NULL,
          count INTEGER NOT NULL,
          last REAL NOT NULL,
          last_step INTEGER NOT NULL,
          min REAL NOT NULL,
          max REAL NOT NULL,
          sum REAL NOT NULL,
          PRIMARY KEY (run, metric)
        ) WITHOUT ROWID;

        -- position: the order of reporting, from 0 in each attempt
        CREATE TABLE series (
          run INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          position INTEGER NOT NULL,
          metric INTEGER NOT NULL,
          step INTEGER NOT NULL,
          value REAL NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (run, attempt, position)
        ) WITHOUT ROWID;

        CREATE TABLE sweep_tags (sweep INTEGER NOT NULL, tag TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (sweep, tag)) WITHOUT ROWID;
        CREATE TABLE run_tags (run INTEGER NOT NULL, tag TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (run, tag)) WITHOUT ROWID;

        -- value: JSON
        CREATE TABLE sweep_attributes (
          sweep INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (sweep, name)) WITHOUT ROWID;
        CREATE TABLE run_attributes (
          run INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;

        -- sequence: in the order of commits over all sweeps. kind: 0 to 6 a run's state, 7 run.retried, 16 to 22 a sweep's state.
        CREATE TABLE events (
          sweep INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          run INTEGER,
          at INTEGER NOT NULL,
          PRIMARY KEY (sweep, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE event_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
        INSERT INTO event_sequence (id, last) VALUES (1, 0);
        """;
}
