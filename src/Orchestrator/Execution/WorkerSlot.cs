using Microsoft.Extensions.Logging;

namespace Orchestrator.Execution;

/// <summary>A worker: a name, and the thread that executes one run at a time, on whatever that was given.</summary>
internal sealed partial class WorkerSlot(string name, IRunQueue queue, RunExecutor executor, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _finished = new(initialState: false);
    private int _generation;

    public string Name { get; } = name;

    public int ReplacedThreads => Volatile.Read(ref _generation);

    public void Start()
    {
        lock (_gate)
            StartThread();
    }

    /// <summary>Leaves the thread to the run that does not end, and goes on with a new one.</summary>
    public void Replace(RunGrant grant, RunInfo hung)
    {
        lock (_gate)
        {
            _generation++;
            LogReplaced(logger, Name, hung.Id, _generation);
            StartThread();
        }

        queue.Release(grant);
    }

    /// <summary>Waits until the queue is closed and empty and the slot's own thread has ended; not for threads that were given up.</summary>
    public void Join() => _finished.Wait();

    public void Dispose() => _finished.Dispose();

    private void StartThread()
    {
        var generation = _generation;
        var thread = new Thread(() => Work(generation)) { IsBackground = true, Name = "run " + Name };
        // Unsafe: else whatever async-local the starting flow carries would be seen by every run on this thread.
        thread.UnsafeStart();
    }

    private void Work(int generation)
    {
        while (generation == Volatile.Read(ref _generation) && queue.TryTake(out var ticket))
        {
            var grant = ticket.Grant!;
            executor.Execute(ticket, grant, this);
            queue.Release(grant); // if the thread was given up, this was done when the slot was replaced
        }

        if (generation == Volatile.Read(ref _generation))
            _finished.Set();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} gave its thread up to run {Run}, which did not end when asked to ({Count} so far).")]
    private static partial void LogReplaced(ILogger logger, string worker, string run, int count);
}
