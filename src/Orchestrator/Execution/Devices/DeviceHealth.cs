namespace Orchestrator.Execution.Devices;

/// <summary>
/// Finds the device on which the runs of a sweep fail that succeed on others. A device is suspected when at least <see cref="LeastRuns"/>
/// different runs failed on it, one after the other, and by the ends of attempts on other devices since then that would be chance less often
/// than <see cref="MostChance"/>. So a sweep whose runs fail everywhere, by their parameters or now and then, suspects none.
/// </summary>
/// <remarks>
/// With F of n attempts failed elsewhere, and no opinion before, the probability that s further ones all fail is the product of
/// (F + 1 + i) / (n + 2 + i) for i below s. One of 8 equal devices is suspected at its 5th failure, one of 4 at the 6th, one of 2 at the 10th.
/// Each device has its own count since its last success, because what fails changes in the course of a sweep.
/// </remarks>
internal sealed class DeviceHealth(int devices)
{
    public const int LeastRuns = 3;

    public const double MostChance = 1e-5;

    /// <summary>More failures than that say nothing new.</summary>
    private const int MostRuns = 64;

    private readonly Streak[] _streaks = [.. Enumerable.Range(0, devices).Select(static _ => new Streak())];

    /// <summary>Whether a failure may be the device's doing, and not only the run's.</summary>
    public static bool MayBlame(FailureKind kind) => kind is not (FailureKind.NonFinite or FailureKind.InvalidResult);

    /// <summary>Takes in the end of an attempt.</summary>
    /// <param name="used">The devices that it had, a bit for each.</param>
    /// <param name="run">The number of its run: one that fails again and again on a device counts once.</param>
    /// <param name="failed">Whether it failed.</param>
    /// <returns>The devices that are suspected now, a bit for each.</returns>
    public ulong Add(ulong used, long run, bool failed)
    {
        var suspected = 0UL;
        for (var device = 0; device < _streaks.Length; device++)
        {
            var streak = _streaks[device];
            if ((used >> device & 1) == 0)
                streak.AddElsewhere(failed);
            else if (failed)
                streak.AddFailure(run);
            else
                streak.Clear();
            if (streak.Runs.Count >= LeastRuns && streak.Chance <= MostChance)
                suspected |= 1UL << device;
        }

        return suspected;
    }

    /// <summary>The runs that failed on it since one last succeeded there.</summary>
    public IReadOnlyList<long> FailedOn(int device) => _streaks[device].Runs;

    /// <summary>How many attempts ended on other devices meanwhile, and how many of them failed.</summary>
    public (int Ended, int Failed) Elsewhere(int device) => (_streaks[device].Ended, _streaks[device].Failed);

    /// <summary>Begins anew: what failed on several devices at once may have been the doing of the one that is gone.</summary>
    public void Clear()
    {
        foreach (var streak in _streaks)
            streak.Clear();
    }

    private sealed class Streak
    {
        public List<long> Runs { get; private set; } = [];

        public int Ended { get; private set; }

        public int Failed { get; private set; }

        public double Chance
        {
            get
            {
                var chance = 1.0;
                for (var i = 0; i < Runs.Count; i++)
                    chance *= (Failed + 1.0 + i) / (Ended + 2.0 + i);
                return chance;
            }
        }

        public void AddFailure(long run)
        {
            if (Runs.Count < MostRuns && !Runs.Contains(run))
                Runs.Add(run);
        }

        public void AddElsewhere(bool failed)
        {
            if (Runs.Count == 0)
                return;
            Ended++;
            Failed += failed ? 1 : 0;
        }

        public void Clear()
        {
            if (Runs.Count > 0)
                (Runs, Ended, Failed) = ([], 0, 0); // a new list: the old one may have been told
        }
    }
}
