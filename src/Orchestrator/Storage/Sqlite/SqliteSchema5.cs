namespace Orchestrator.Storage.Sqlite;

/// <summary>Version 5: checkpoints, and attempts that go on from one.</summary>
internal static class SqliteSchema5
{
    public const string Sql = """
        -- number: rises with every checkpoint of the run. path: relative to the run's folder. points: how many values of the attempt's series had
        -- been reported; metrics: what they came to, JSON, by metric [count, last, lastStep, min, max, sum].
        CREATE TABLE checkpoints (
          run INTEGER NOT NULL,
          number INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          step INTEGER NOT NULL,
          path TEXT NOT NULL,
          bytes INTEGER NOT NULL,
          sha256 TEXT NOT NULL,
          at INTEGER NOT NULL,
          points INTEGER NOT NULL,
          metrics TEXT NOT NULL,
          keep_every INTEGER NOT NULL,
          keep_completed INTEGER NOT NULL,
          PRIMARY KEY (run, number)
        ) WITHOUT ROWID;

        -- The checkpoint from which an attempt went on: its series is that of the base attempt below the position base_points (in turn with its
        -- own base), then its own from there.
        ALTER TABLE attempts ADD COLUMN base_attempt INTEGER;
        ALTER TABLE attempts ADD COLUMN base_points INTEGER;
        ALTER TABLE attempts ADD COLUMN base_step INTEGER;
        """;
}
