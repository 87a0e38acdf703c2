using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Execution;

/// <summary>
/// The queue of one process, shared by all its sweeps: a lane for each. A free worker takes from the lane of the highest priority;
/// among equals from the one that holds the fewest workers; among those from the one that has used the least worker time. So equal
/// sweeps get equal shares of the workers' time, however short or long their runs are, and none exceeds its own limit.
/// </summary>
internal sealed class FairRunQueue(TimeProvider time) : IRunQueue
{
    private readonly object _gate = new();
    private readonly List<RunLane> _lanes = [];
    private bool _closed;

    public bool IsShared
    {
        get
        {
            lock (_gate)
                return _lanes.Count > 1;
        }
    }

    public void Enqueue(RunTicket ticket)
    {
        var lane = ticket.Sweep.Lane;
        lock (_gate)
        {
            if (lane.IsIdle)
            {
                // Who was away does not come back with a claim on all the time that the others used meanwhile.
                if (_lanes.Count > 0)
                    lane.Used = Math.Max(lane.Used, _lanes.Min(l => l.Used));
                if (!_lanes.Contains(lane))
                    _lanes.Add(lane);
            }

            lane.Waiting.Enqueue(ticket);
            Monitor.Pulse(_gate);
        }
    }

    public bool TryTake([NotNullWhen(true)] out RunTicket? ticket)
    {
        lock (_gate)
        {
            RunLane? lane;
            while ((lane = Next()) is null)
            {
                if (_closed && _lanes.TrueForAll(l => l.Waiting.Count == 0))
                {
                    Monitor.PulseAll(_gate);
                    ticket = null;
                    return false;
                }

                Monitor.Wait(_gate);
            }

            ticket = lane.Waiting.Dequeue();
            lane.Running++;
            ticket.TakenAt = time.GetTimestamp();
            return true;
        }
    }

    public void Release(RunTicket ticket)
    {
        var lane = ticket.Sweep.Lane;
        lock (_gate)
        {
            lane.Running--;
            lane.Used += time.GetElapsedTime(ticket.TakenAt).TotalSeconds;
            if (lane.IsIdle)
                _lanes.Remove(lane);
            Monitor.Pulse(_gate);
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

    private RunLane? Next()
    {
        RunLane? best = null;
        foreach (var lane in _lanes)
            if (lane.MayStart && (best is null || lane.ComesBefore(best)))
                best = lane;
        return best;
    }
}

/// <summary>A sweep's place in the queue. Touched under the queue's lock, except the settings.</summary>
internal sealed class RunLane
{
    private volatile int _limit = int.MaxValue;
    private volatile int _priority;

    public Queue<RunTicket> Waiting { get; } = new();

    public int Running { get; set; }

    /// <summary>Worker time used, in seconds.</summary>
    public double Used { get; set; }

    /// <summary>How many of its runs are executed at once.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>A higher one goes first.</summary>
    public int Priority
    {
        get => _priority;
        set => _priority = value;
    }

    public bool IsIdle => Waiting.Count == 0 && Running == 0;

    public bool MayStart => Waiting.Count > 0 && Running < Limit;

    public bool ComesBefore(RunLane other)
    {
        if (Priority != other.Priority)
            return Priority > other.Priority;
        return Running != other.Running ? Running < other.Running : Used < other.Used;
    }
}
