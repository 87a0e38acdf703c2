namespace Orchestrator.Execution.Packing;

/// <summary>Requests of one kind and one owner, first come first served: all runs of a sweep.</summary>
/// <param name="pool">Where they run.</param>
/// <param name="request">What each of them occupies.</param>
internal abstract class PackingLane(ResourcePool pool, ResourceRequest request)
{
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
        get => _priority;
        set => _priority = value;
    }

    public abstract bool HasWaiting { get; }

    /// <summary>Devices that its next run takes only if no others are free, a bit for each.</summary>
    public virtual ulong Avoids => 0;

    public int Running { get; set; }

    /// <summary>What it has used: seconds, each weighed by the part of the pool that was held.</summary>
    public double Used { get; set; }

    /// <summary>The generation of the pool in which others first went before it because it did not fit; negative: none did.</summary>
    public long BlockedSince { get; set; } = -1;

    /// <summary>What all had used of the pool by then.</summary>
    public double PoolUsedBefore { get; set; }

    public bool IsBlocked => BlockedSince >= 0;

    /// <summary>Whether it is among those whose turn has come, whatever else waits.</summary>
    public bool IsOverdue { get; set; }

    public bool IsIdle => !HasWaiting && Running == 0;

    public bool MayStart => HasWaiting && Running < _limit;

    public bool ComesBefore(PackingLane other)
    {
        if (_priority != other._priority)
            return _priority > other._priority;
        if (IsOverdue != other.IsOverdue)
            return IsOverdue;
        if (IsOverdue)
            return Share > other.Share; // the room that a large one leaves serves the smaller ones, not the other way round
        var (mine, its) = (Running * Share, other.Running * other.Share);
        return mine != its ? mine < its : Used < other.Used;
    }

    public void Unblock() => (BlockedSince, IsOverdue) = (-1, false);
}
