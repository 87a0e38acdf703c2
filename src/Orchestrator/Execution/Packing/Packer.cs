namespace Orchestrator.Execution.Packing;

/// <summary>
/// Decides which lane's next run starts, and where. The lane of the highest priority comes first; among equals the one that holds the
/// least of its pool; among those the one that has used the least of it. Where the first does not fit, a later one that does goes before
/// it, but only for a while. No clock, no lock, nothing allocated.
/// </summary>
/// <remarks>
/// <para>
/// Why a large run does not starve among small ones: a lane is blocked when others that have used no less go before it because it does
/// not fit. Once one was blocked for <see cref="Patience"/> generations of its pool, a round begins: all that are blocked come before all
/// others of their priority, the largest first, one run each, and what becomes free is kept for the first of them until it fits. So one
/// emptying of devices, which idle meanwhile, serves many.
/// </para>
/// <para>
/// With D the longest run of the pool and n the lanes of a round, a blocked run waits at most (<see cref="Patience"/> + 3 + n) D: a generation
/// ends within D; the round begins with the next run that goes before it, or the pool is empty after D; what is kept empties within D; and
/// the others of the round have one run each. Patience costs those who wait, impatience costs everybody: the tests measure both.
/// </para>
/// <para>
/// A request that is to be alone (<see cref="ResourceRequest.IsAlone"/>) is the largest there is: it fits when nothing runs, nothing fits
/// beside it, and all the rest is as for any other. Where the blocked run and those before it are in different pools that have processors
/// or memory in common, each generation takes 2 D at most: between two of them may be the end of what runs elsewhere.
/// </para>
/// </remarks>
internal sealed class Packer
{
    /// <summary>For how many generations of a pool runs that do not fit let others go before them.</summary>
    public const int Patience = 12;

    private readonly List<PackingLane> _lanes = [];
    private PackingLane? _kept;

    public int Lanes => _lanes.Count;

    /// <summary>Whether the lanes that are here have several owners.</summary>
    public bool IsShared
    {
        get
        {
            var owners = 0;
            foreach (var lane in _lanes)
                owners += lane.IsSecond ? 0 : 1;
            return owners > 1;
        }
    }

    /// <summary>Whether something is kept for a run that does not fit.</summary>
    public bool IsKeeping => _kept is not null;

    public bool HasWaiting => _lanes.Exists(static l => l.HasWaiting);

    /// <summary>Takes a lane in that was idle, unless it is here.</summary>
    public void Enter(PackingLane lane)
    {
        var least = double.PositiveInfinity;
        foreach (var other in _lanes)
        {
            if (other == lane)
                return;
            if (other.Pool == lane.Pool)
                least = Math.Min(least, other.Used);
        }

        // Who was away does not come back with a claim on all that the others used meanwhile.
        if (!double.IsPositiveInfinity(least))
            lane.Used = Math.Max(lane.Used, least);
        _lanes.Add(lane);
        if (lane.Request.Devices > lane.Pool.InService)
            lane.Pool.Restore(); // a run that may fail is better than one that waits for ever
    }

    /// <summary>
    /// Takes a device of a lane's pool out of service, unless it is already, or what is left could not hold a run of those that are here.
    /// </summary>
    public bool TryTakeOut(PackingLane owner, int device)
    {
        var pool = owner.Pool;
        var needed = Math.Max(1, owner.Request.Devices);
        foreach (var lane in _lanes)
        {
            if (lane.Pool == pool)
                needed = Math.Max(needed, lane.Request.Devices);
        }

        if (!pool.IsInService(device) || pool.InService <= needed)
            return false;
        pool.TakeOut(device);
        if (_kept?.Pool == pool)
        {
            pool.Unhold();
            pool.Hold(_kept.Request);
        }

        return true;
    }

    /// <summary>Lets a lane go that is idle.</summary>
    public void Leave(PackingLane lane)
    {
        _lanes.Remove(lane);
        lane.Unblock();
        if (_kept == lane)
            KeepNothing();
    }

    /// <summary>The lane whose next run starts now, and has been given its place; <see langword="null"/>: none can start.</summary>
    public PackingLane? Next(out Placement placement)
    {
        if (_kept is { MayStart: false })
            KeepNothing();
        PackingLane? best = null;
        var (devices, isBlocking) = (0UL, false);
        foreach (var lane in _lanes)
        {
            if (!lane.MayStart || (best is not null && !lane.ComesBefore(best)))
                continue;
            if (lane.Pool.TryFind(lane.Request, MayUseWhatIsKept(lane), out var found, lane.Avoids))
                (best, devices) = (lane, found);
            else
                isBlocking = true;
        }

        placement = default;
        if (best is null)
            return null;
        if (isBlocking)
            NoteBlocked(best);
        if (best == _kept)
            KeepNothing();
        if (best.IsOverdue)
            Settle(best);
        best.Unblock();
        placement = best.Pool.Take(best.Request, devices);
        best.Running++;
        if (isBlocking && _kept is null)
            KeepForOverdue();
        return best;
    }

    /// <summary>A run of the lane has ended.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="placement">The place it had.</param>
    /// <param name="seconds">How long it had it.</param>
    public void Free(PackingLane lane, in Placement placement, double seconds)
    {
        lane.Running--;
        lane.Used += seconds * lane.Share;
        lane.Pool.Used += seconds * lane.Share;
        lane.Pool.Free(lane.Request, placement);
        if (lane.IsIdle)
            Leave(lane);
    }

    private bool MayUseWhatIsKept(PackingLane lane) => _kept is not null && (lane == _kept || lane.Priority > _kept.Priority);

    /// <summary>Notes who comes before the one that starts and does not fit; begins a round if one of them has waited long enough.</summary>
    private void NoteBlocked(PackingLane best)
    {
        var (isRound, isTime) = (false, false);
        foreach (var lane in _lanes)
        {
            if (!lane.MayStart)
                continue;
            isRound |= lane.IsOverdue;
            if (!lane.ComesBefore(best) || !lane.Pool.Contends(best.Pool))
                continue;
            lane.Block(best.Pool);
            isTime |= lane.BlockedFor > Patience;
        }

        if (isRound || !isTime)
            return;
        foreach (var lane in _lanes)
            lane.IsOverdue = lane.IsBlocked && lane.MayStart;
    }

    /// <summary>
    /// It may catch up on what others used while it was blocked, and on nothing that was before: else one that was blocked again and again
    /// would one day hold the whole pool until all of it is paid back.
    /// </summary>
    private void Settle(PackingLane overdue)
    {
        foreach (var lane in _lanes)
        {
            if (lane.Pool == overdue.Pool && !lane.IsBlocked)
                overdue.Used = Math.Max(overdue.Used, lane.Used - (overdue.Pool.Used - overdue.PoolUsedBefore));
        }
    }

    private void KeepForOverdue()
    {
        foreach (var lane in _lanes)
        {
            if (lane.IsOverdue && lane.MayStart && (_kept is null || lane.ComesBefore(_kept)))
                _kept = lane;
        }

        _kept?.Pool.Hold(_kept.Request);
    }

    private void KeepNothing()
    {
        _kept!.Pool.Unhold();
        _kept = null;
    }
}
