namespace Orchestrator.Execution.Packing;

/// <summary>Requests of one kind and one owner, first come first served: all runs of a sweep, or those of them that are to run alone.</summary>
/// <param name="pool">Where they run.</param>
/// <param name="request">What each of them occupies.</param>
/// <param name="owner">
/// The owner's lane, in the same pool, if this is its second one: both have one priority and one account, so that two lanes get no more than one.
/// </param>
internal abstract class PackingLane(ResourcePool pool, ResourceRequest request, PackingLane? owner = null)
{
    private double _used;
    private readonly ResourceRequest _request = request;
    private volatile int _limit = int.MaxValue;
    private volatile int _priority;

    public ResourcePool Pool => pool;

    public ref readonly ResourceRequest Request => ref _request;

    /// <summary>The part of the pool that one run takes.</summary>
    public double Share { get; } = pool.ShareOf(request);

    /// <summary>How many of its runs are executed at once. May be set by any thread.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>A higher one goes first. May be set by any thread.</summary>
    public int Priority
    {
        get => owner is null ? _priority : owner._priority;
        set => _priority = value;
    }

    public abstract bool HasWaiting { get; }

    /// <summary>Devices that its next run takes only if no others are free, a bit for each.</summary>
    public virtual ulong Avoids => 0;

    public int Running { get; set; }

    /// <summary>What it has used: seconds, each weighed by the part of the pool that was held.</summary>
    public double Used
    {
        get => owner is null ? _used : owner._used;
        set
        {
            if (owner is null)
                _used = value;
            else
                owner._used = value;
        }
    }

    /// <summary>The pool whose generations are counted while others go before it because it does not fit; null: none did.</summary>
    public ResourcePool? BlockedIn { get; private set; }

    /// <summary>The generation of that pool in which the first of them did.</summary>
    public long BlockedSince { get; private set; }

    /// <summary>What all had used of its own pool by then.</summary>
    public double PoolUsedBefore { get; private set; }

    public bool IsBlocked => BlockedIn is not null;

    /// <summary>For how many generations others have gone before it.</summary>
    public long BlockedFor => BlockedIn is null ? 0 : BlockedIn.Generation - BlockedSince;

    /// <summary>Whether it is among those whose turn has come, whatever else waits.</summary>
    public bool IsOverdue { get; set; }

    public bool IsIdle => !HasWaiting && Running == 0;

    public bool MayStart => HasWaiting && Running < _limit;

    /// <summary>The parts of the pool that its owner's runs hold.</summary>
    private double Holds => (Running * Share) + (owner is null ? 0 : owner.Holds);

    /// <summary>Whether it is another lane of the owner of one that is here with something to do.</summary>
    public bool IsSecond => owner is { IsIdle: false };

    public bool ComesBefore(PackingLane other)
    {
        if (Priority != other.Priority)
            return Priority > other.Priority;
        if (IsOverdue != other.IsOverdue)
            return IsOverdue;
        if (IsOverdue)
            return Share > other.Share; // the room that a large one leaves serves the smaller ones, not the other way round
        var (mine, its) = (Holds, other.Holds);
        return mine != its ? mine < its
            : Used != other.Used ? Used < other.Used
            : owner == other; // its owner's second lane first: the pool may be empty just now, and it would have to be emptied for that
    }

    /// <summary>Notes that a run of a pool goes before it because it does not fit.</summary>
    public void Block(ResourcePool by)
    {
        if (BlockedIn is null)
            (BlockedIn, BlockedSince, PoolUsedBefore) = (pool, pool.Generation, pool.Used);
        // Where nothing runs no generation ends; what it waited so far still counts.
        if (BlockedIn.Running == 0 && BlockedIn != by)
            (BlockedSince, BlockedIn) = (by.Generation - BlockedFor, by);
    }

    public void Unblock() => (BlockedIn, IsOverdue) = (null, false);
}
