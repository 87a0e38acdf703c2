namespace Orchestrator.Tracking;

/// <summary>
/// The trackers whose run has ended and that are not done yet, oldest first. One that is not done long after its run ended is
/// given up when the next one is added, or when very many wait: trackers that hang must not pile up over a long sweep.
/// </summary>
internal sealed class UnfinishedTrackers(TimeProvider time, TimeSpan patience)
{
    private const int Most = 10_000;
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public void Add(TrackerPump pump)
    {
        TrackerPump? stuck = null;
        LinkedListNode<Entry> node;
        lock (_gate)
        {
            if (_entries.First is { } oldest && (_entries.Count >= Most || time.GetElapsedTime(oldest.Value.Since) > patience))
                stuck = oldest.Value.Pump;
            node = _entries.AddLast(new Entry(pump, time.GetTimestamp()));
        }

        pump.Finished.ContinueWith(
            static (_, state) =>
            {
                var (trackers, node) = ((UnfinishedTrackers, LinkedListNode<Entry>))state!;
                trackers.Remove(node);
            },
            (this, node),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        stuck?.Abandon();
    }

    public TrackerPump[] Snapshot()
    {
        lock (_gate)
            return [.. _entries.Select(entry => entry.Pump)];
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
                _entries.Remove(node);
        }
    }

    private readonly record struct Entry(TrackerPump Pump, long Since);
}
