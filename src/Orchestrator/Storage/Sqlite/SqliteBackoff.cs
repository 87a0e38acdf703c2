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
    private const double LongestMilliseconds = 5;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    private readonly SeededRandom _jitter = new(jitterSeed);
    private readonly ManualResetEventSlim _aborted = new(false, spinCount: 0);

    /// <summary>Ends the waiting for good: whoever waits gets the busy error instead.</summary>
    public void Abort() => _aborted.Set();

    /// <summary>Tries until it is not refused as busy.</summary>
    /// <param name="attempt">One try; false if it was refused as busy.</param>
    /// <exception cref="SqliteException">Still busy when aborted.</exception>
    public void WhileBusy(Func<bool> attempt)
    {
        var began = time.GetTimestamp();
        var told = false;
        for (var wait = FirstMilliseconds; !attempt(); wait = Math.Min(wait * 1.5, LongestMilliseconds))
        {
            if (_aborted.Wait(TimeSpan.FromMilliseconds(wait * (0.5 + _jitter.NextDouble()))))
                throw new SqliteException("The database is locked.", raw.SQLITE_BUSY);
            if (!told && time.GetElapsedTime(began) is var waited && waited > Slow)
            {
                told = true;
                slow?.Invoke(waited);
            }
        }
    }

    /// <summary>As <see cref="WhileBusy(Func{bool})"/>, for what says by an exception that it is busy.</summary>
    public void WhileBusy(Action action) => WhileBusy(() =>
    {
        try
        {
            action();
            return true;
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return false;
        }
    });

    public void Dispose() => _aborted.Dispose();
}
