using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Telemetry;

namespace Orchestrator.Execution;

/// <summary>
/// Workers in this process, shared by all its sweeps: a dedicated thread for each slot, so that synchronous user code never starves
/// the thread pool on which the orchestrator itself lives. Threads are started when they are first asked for.
/// </summary>
internal sealed class WorkerPool(FairRunQueue queue, RunExecutor executor, ILogger<WorkerPool> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<WorkerSlot> _slots = [];

    public FairRunQueue Queue => queue;

    /// <summary>Threads that were given up because their run did not end when asked to.</summary>
    public int ReplacedThreads
    {
        get
        {
            lock (_gate)
                return _slots.Sum(s => s.ReplacedThreads);
        }
    }

    /// <summary>Lets so many runs of a lane be executed at once; see <see cref="FairRunQueue.Widen"/>.</summary>
    public void Grow(RunLane lane, int workers, bool isAsked)
    {
        var count = queue.Widen(lane, workers, isAsked);
        lock (_gate)
        {
            while (_slots.Count < count)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"worker-{_slots.Count + 1}");
                var slot = new WorkerSlot(name, queue, executor, logger);
                _slots.Add(slot);
                RunMeters.SlotsAdded(1);
                slot.Start();
            }
        }
    }

    /// <summary>Waits for the runs that are queued and running, then ends the threads.</summary>
    public void Dispose()
    {
        queue.Close();
        lock (_gate)
        {
            _slots.ForEach(s => s.Join());
            _slots.ForEach(s => s.Dispose());
            RunMeters.SlotsAdded(-_slots.Count);
            _slots.Clear();
        }
    }
}
