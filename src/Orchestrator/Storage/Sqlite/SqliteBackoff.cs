using Microsoft.Data.Sqlite;
using Orchestrator.Numerics;
using SQLitePCL;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Tries again while another process holds the database, in short growing waits with jitter (SQLite's own, and the library's, are long
/// sleeps that starve a writer). Used by one thread; <see cref="Abort"/> may be called by any.
/// </summary>
internal sealed class SqliteBackoff(TimeProvider time, long jitterSeed, Action<TimeSpan>? slow = null) : IDisposable
{
    private const double FirstMilliseconds = 0.5;
    private const double LongestMilliseconds = 20;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    private readonly SeededRandom _jitter = new(jitterSeed);
    private readonly ManualResetEventSlim _aborted = new(false, spinCount: 0);

    /// <summary>Ends the waiting for good: the next wait throws the busy error instead.</summary>
    public void Abort() => _aborted.Set();

    /// <summary>Runs the action until it does not end as busy.</summary>
    /// <exception cref="SqliteException">Another error; or still busy when aborted.</exception>
    public void WhileBusy(Action action)
    {
        var began = time.GetTimestamp();
        var told = false;
        for (var wait = FirstMilliseconds; ; wait = Math.Min(wait * 1.5, LongestMilliseconds))
        {
            try
            {
                action();
                return;
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            {
                if (_aborted.Wait(TimeSpan.FromMilliseconds(wait * (0.5 + _jitter.NextDouble()))))
                    throw;
            }

            if (!told && time.GetElapsedTime(began) is var waited && waited > Slow)
            {
                told = true;
                slow?.Invoke(waited);
            }
        }
    }

    public void Dispose() => _aborted.Dispose();
}
