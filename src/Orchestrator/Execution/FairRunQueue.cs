using System.Diagnostics.CodeAnalysis;
using Orchestrator.Execution.Packing;
using Orchestrator.Telemetry;

namespace Orchestrator.Execution;

/// <summary>
/// The queue of one process, shared by all its sweeps: a lane for each. Which run starts next, and on what, is the <see cref="Packer"/>'s
/// decision; here workers wait for it. Equal sweeps get equal shares of their pool's time, however short or long their runs are, and none
/// exceeds its own limit.
/// </summary>
internal sealed class FairRunQueue(TimeProvider time) : IRunQueue
{
    private readonly object _gate = new();
    private readonly Packer _packer = new();
    private readonly Dictionary<ResourcePool, decimal> _pools = [];
    private bool _closed;

    public bool IsShared
    {
        get
        {
            lock (_gate)
                return _packer.IsShared;
        }
    }

    public void Enqueue(RunTicket ticket)
    {
        lock (_gate)
        {
            var lane = ticket.Sweep.Lane.LaneOf(ticket);
            if (lane.IsIdle)
                _packer.Enter(lane);
            lane.Waiting.Enqueue(ticket);
            RunMeters.Queued();
            Monitor.Pulse(_gate);
        }
    }

    public bool TryTake([NotNullWhen(true)] out RunTicket? ticket)
    {
        lock (_gate)
        {
            while (true)
            {
                var kept = _packer.IsKeeping;
                if (_packer.Next(out var placement) is RunLane lane)
                {
                    ticket = lane.Waiting.Dequeue();
                    RunMeters.Taken();
                    ticket.Grant = new RunGrant(lane, placement, time.GetTimestamp());
                    if (kept && !_packer.IsKeeping)
                        Monitor.PulseAll(_gate); // what was kept for one may be everybody's again
                    return true;
                }

                if (_closed && !_packer.HasWaiting)
                {
                    Monitor.PulseAll(_gate);
                    ticket = null;
                    return false;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    public void Release(RunGrant grant)
    {
        var lane = grant.Lane;
        lock (_gate)
        {
            if (!grant.TryRelease())
                return;
            _packer.Free(lane, grant.Placement, time.GetElapsedTime(grant.TakenAt).TotalSeconds);
            if (lane.IsSmall)
                Monitor.Pulse(_gate);
            else
                Monitor.PulseAll(_gate);
        }
    }

    public IReadOnlyList<RunTicket> Withdraw(RunLane lane)
    {
        lock (_gate)
        {
            RunTicket[] withdrawn = [.. lane.Waiting, .. lane.Alone?.Waiting ?? []];
            RunMeters.Taken(withdrawn.Length);
            Clear(lane);
            if (lane.Alone is { } alone)
                Clear(alone);
            Monitor.PulseAll(_gate); // the last that a closed queue waited for may be gone, or something kept for it be free
            return withdrawn;
        }
    }

    /// <summary>Lets a pool execute so many runs of a lane at once, as far as it can hold them. It never shrinks.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="workers">How many.</param>
    /// <param name="isAsked">
    /// Whether a person asked for that many. Then processors that were only counted, not declared, do not stand in the way: who runs more
    /// at once than there are processors has a reason, such as runs that wait.
    /// </param>
    /// <returns>How many runs all pools together may execute at once.</returns>
    public int Widen(RunLane lane, int workers, bool isAsked)
    {
        lock (_gate)
        {
            var pool = lane.Pool;
            pool.Slots = _pools.TryGetValue(pool, out var cpus) ? Math.Max(pool.Slots, workers) : workers;
            _pools[pool] = isAsked ? Math.Max(cpus, workers * lane.Request.Cpus) : cpus;
            if (!pool.Cpus.IsDeclared)
                pool.Cpus.Grow(_pools.Where(p => p.Key.Cpus == pool.Cpus).Sum(p => p.Value));
            Monitor.PulseAll(_gate);
            return _pools.Keys.Sum(p => p.Slots);
        }
    }

    public bool TryTakeOut(RunLane lane, int device)
    {
        lock (_gate)
        {
            var isOut = _packer.TryTakeOut(lane, device);
            Monitor.PulseAll(_gate); // what was kept for one may be another device now
            return isOut;
        }
    }

    public void Reconsider()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Clear(RunLane lane)
    {
        lane.Waiting.Clear();
        if (lane.IsIdle)
            _packer.Leave(lane);
    }
}
