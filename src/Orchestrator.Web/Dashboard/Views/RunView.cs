using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;

namespace Orchestrator.Web.Dashboard.Views;

/// <summary>What the page of a run shows.</summary>
internal sealed record RunView
{
    private const int Stretches = 120;

    public required SweepRecord Sweep { get; init; }

    public required RunRecord Run { get; init; }

    public required DateTimeOffset Now { get; init; }

    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    public IReadOnlyList<StoredCheckpoint> Checkpoints { get; init; } = [];

    public RunDetails Details { get; init; } = new();

    /// <summary>The curves by metric, each as points in order.</summary>
    public ILookup<string, MetricPoint> Curves { get; init; } = Array.Empty<MetricPoint>().ToLookup(p => p.Metric);

    public LogTail? Log { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Folder { get; init; }

    public static async Task<RunView> LoadAsync(DashboardData data, SweepRecord sweep, RunRecord run, CancellationToken cancellationToken)
    {
        var store = await data.StoreAsync().ConfigureAwait(false);
        var folder = Path.Combine(data.Home.Path, run.Directory);
        return new RunView
        {
            Sweep = sweep,
            Run = run,
            Now = data.Now,
            Attempts = await store.AttemptsAsync(sweep.Id, run.Number, cancellationToken).ConfigureAwait(false),
            Checkpoints = await store.CheckpointsAsync(sweep.Id, run.Number, cancellationToken).ConfigureAwait(false),
            Details = await store.DetailsAsync(sweep.Id, run.Number, cancellationToken).ConfigureAwait(false) ?? new(),
            Curves = (await store.SeriesShapeAsync(sweep.Id, run.Number, Stretches, cancellationToken).ConfigureAwait(false)).ToLookup(p => p.Metric, StringComparer.Ordinal),
            Log = await LogTail.ReadAsync(folder, cancellationToken).ConfigureAwait(false),
            Folder = folder,
        };
    }
}
