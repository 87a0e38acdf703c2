namespace Orchestrator.Execution.Workers;

/// <summary>
/// Decides when a process is replaced because runs fail in it one after the other: what an earlier run left there may be the cause. Each
/// replacement is an experiment. Where the next run fails in the new process, too, it was not the process, and twice as many failures are
/// borne the next time; where it succeeds, half as many. So a sweep whose runs fail by themselves pays for the logarithm of their number.
/// One for each sweep; safe for concurrent use.
/// </summary>
internal sealed class FailureStreaks
{
    /// <summary>So many failures in a row are borne at first, and never fewer.</summary>
    public const int Least = 3;

    private const int Most = 1 << 20;

    private readonly Lock _gate = new();
    private int _borne = Least;
    private Streak? _replaced;

    /// <summary>Takes in the end of a run.</summary>
    /// <param name="process">The id of the process.</param>
    /// <param name="failed">How many runs in a row have failed in it by now; 0: this one did not.</param>
    /// <param name="isFirst">Whether it was the first run there.</param>
    /// <param name="proven">The process that was replaced, and rightly so by what this run shows.</param>
    /// <returns>Whether the process must be replaced.</returns>
    public bool Add(int process, int failed, bool isFirst, out Streak? proven)
    {
        lock (_gate)
        {
            proven = null;
            if (isFirst && _replaced is { } before)
            {
                proven = failed == 0 ? before : null;
                _borne = failed == 0 ? Math.Max(Least, _borne / 2) : Math.Min(Most, _borne * 2);
                _replaced = null;
            }

            if (failed < _borne)
                return false;
            _replaced ??= new Streak(process, failed);
            return true;
        }
    }

    /// <summary>Runs that failed one after the other in a process.</summary>
    public readonly record struct Streak(int Process, int Runs);
}
