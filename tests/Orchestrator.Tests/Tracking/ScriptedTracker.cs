using System.Collections.Concurrent;
using Orchestrator.Execution;
using Orchestrator.Tracking;

namespace Orchestrator.Tests.Tracking;

/// <summary>A tracker that keeps what it is given and, at a member's beginning, does what a test says.</summary>
internal sealed class ScriptedTracker(string name, Func<string, Task>? at = null) : ITrackerFactory, ITracker
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<ReadOnlyMemory<MetricPoint>> Batches { get; } = new();

    /// <summary>Whether the ambient run of whoever reports was seen here.</summary>
    public bool SawAmbientRun { get; private set; }

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TrackerInfo Info { get; } = new(name, new Dictionary<string, TrackerOption>());

    public double[] Values => [.. Batches.SelectMany(batch => batch.ToArray()).Select(point => point.Value)];

    public ITracker Create(TrackerContext context)
    {
        at?.Invoke("Create").GetAwaiter().GetResult();
        return this;
    }

    public async ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
    {
        await Do("StartAsync");
        Started.TrySetResult();
    }

    public async ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        await Do("ReportAsync");
        Batches.Enqueue(points);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await Do("FlushAsync");

    public async ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken) => await Do("EndAsync");

    public async ValueTask DisposeAsync()
    {
        Disposed.TrySetResult();
        await Do("DisposeAsync");
    }

    private Task Do(string member)
    {
        Calls.Enqueue(member);
        SawAmbientRun |= AmbientRun.Current is not null;
        return at?.Invoke(member) ?? Task.CompletedTask;
    }
}
