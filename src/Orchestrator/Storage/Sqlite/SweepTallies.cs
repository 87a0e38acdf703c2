using System.Runtime.InteropServices;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// What is counted of sweeps while a group is applied: read at a sweep's first command, written back once before the commit.
/// Another process may have counted in between, so nothing but a sweep's goal is kept from one group to the next.
/// </summary>
internal sealed class SweepTallies(sqlite3 database) : IDisposable
{
    private const int States = 7;

    private readonly SqliteStatement _read = new(database, """
        SELECT queued, running, paused, completed, failed, pruned, canceled, consecutive_failures, best_run, best_objective, s.goal
        FROM tallies t JOIN sweeps s ON s.key = t.sweep
        WHERE t.sweep = ?1
        """);

    private readonly SqliteStatement _write = new(database, """
        UPDATE tallies
        SET queued = ?2, running = ?3, paused = ?4, completed = ?5, failed = ?6, pruned = ?7, canceled = ?8,
            consecutive_failures = ?9, best_run = ?10, best_objective = ?11
        WHERE sweep = ?1
        """);

    private readonly SqliteStatement _best = new(database, """
        SELECT key, objective FROM runs WHERE key >= ?1 AND key < ?2 AND state = 3 AND typeof(objective) = 'real' ORDER BY objective * ?3, key LIMIT 1
        """);

    private readonly Dictionary<long, Tally> _touched = [];

    /// <summary>Whether the sweep exists.</summary>
    public bool Knows(long sweep) => Find(sweep) is not null;

    /// <summary>Counts a new run.</summary>
    public void Add(long sweep, RunState state) => Find(sweep)!.Counts[(int)state]++;

    /// <summary>Counts a run's move.</summary>
    public void Move(RunKey run, RunState from, RunState to, double? objective)
    {
        var tally = Find(run.Sweep)!;
        tally.Counts[(int)from]--;
        tally.Counts[(int)to]++;
        if (to == RunState.Failed)
            tally.ConsecutiveFailures++;
        else if (to is RunState.Completed or RunState.Pruned || from == RunState.Failed)
            tally.ConsecutiveFailures = 0; // a failed run that is retried says that somebody has seen to it
        if (from == RunState.Completed && tally.BestRun == run.Number)
            FindBest(run.Sweep, tally);
        if (to == RunState.Completed && objective is { } value && double.IsFinite(value))
            tally.Offer(run.Number, value);
    }

    /// <summary>Writes back what the group changed.</summary>
    public void Save()
    {
        foreach (var (sweep, tally) in _touched)
        {
            if (tally is null)
                continue;
            _write.Bind(1, sweep);
            for (var state = 0; state < States; state++)
                _write.Bind(2 + state, tally.Counts[state]);
            _write.Bind(9, tally.ConsecutiveFailures);
            _write.Bind(10, tally.BestRun);
            _write.Bind(11, tally.BestRun is null ? null : tally.BestObjective);
            _write.Run();
        }

        _touched.Clear();
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _best.Dispose();
    }

    /// <summary>A run held by hand was the best, and is taken up again: among those that are left there is another.</summary>
    private void FindBest(long sweep, Tally tally)
    {
        tally.BestRun = null;
        _best.Bind(1, new RunKey(sweep, 0).Value);
        _best.Bind(2, new RunKey(sweep + 1, 0).Value);
        _best.Bind(3, tally.Minimize ? 1 : -1);
        if (!_best.Read())
            return;
        (tally.BestRun, tally.BestObjective) = (new RunKey(_best.Integer(0)).Number, _best.Number(1));
        _best.Reset();
    }

    private Tally? Find(long sweep)
    {
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_touched, sweep, out var known);
        if (known)
            return tally;
        _read.Bind(1, sweep);
        if (_read.Read())
        {
            tally = new Tally { Minimize = _read.Integer(10) == (long)MetricGoal.Minimize, ConsecutiveFailures = _read.Integer(7) };
            for (var state = 0; state < States; state++)
                tally.Counts[state] = _read.Integer(state);
            if (!_read.IsNull(8))
                (tally.BestRun, tally.BestObjective) = (_read.Integer(8), _read.Number(9));
            _read.Reset();
        }

        return tally;
    }

    private sealed class Tally
    {
        public long[] Counts { get; } = new long[States];
        public long ConsecutiveFailures { get; set; }
        public bool Minimize { get; init; }
        public long? BestRun { get; set; }
        public double BestObjective { get; set; }

        /// <summary>
        /// Takes a completed run in as the best if it is; of equals the one with the lowest number.
        /// </summary>
        public void Offer(long number, double objective)
        {
            var better = BestRun is null || (Minimize ? objective < BestObjective : objective > BestObjective);
            if (better || (objective == BestObjective && number < BestRun))
                (BestRun, BestObjective) = (number, objective);
        }
    }
}
