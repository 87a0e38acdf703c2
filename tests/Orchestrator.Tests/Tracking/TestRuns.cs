using Orchestrator.Execution;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Storage;
using Orchestrator.Tracking;

namespace Orchestrator.Tests.Tracking;

/// <summary>A folder of its own, and runs in it.</summary>
internal sealed class TestRuns : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public string Home { get; } = Directory.CreateTempSubdirectory("orchestrator-tracking-").FullName;

    public RunInfo Run(long number = 0, int attempt = 1)
    {
        var parameters = new ParameterSet([KeyValuePair.Create<string, ParameterValue>("lr", 0.1), KeyValuePair.Create<string, ParameterValue>("text", "a \"b\", c")]);
        return new RunInfo
        {
            Id = RunRecord.IdOf("S", number),
            Name = $"calm-otter-{100 + number}",
            SweepId = "S",
            SweepName = "sweep",
            Project = "Default",
            Number = number,
            Proposal = number,
            Replicate = 0,
            Seed = 7,
            Attempt = attempt,
            Parameters = parameters,
            Metric = Metric.Minimize("loss"),
            Worker = "w1",
            Device = "cpu",
            StartedAt = Noon,
            Folder = new RunFolder(Path.Combine(Home, RunRecord.DirectoryOf("S", number)), parameters),
        };
    }

    public RunAttempt Attempt(RunInfo? info = null, IRunTracking? tracking = null)
    {
        info ??= Run();
        return new RunAttempt(info, new RunKey(1, info.Number), lease: 1, new NoStore(), TimeProvider.System, tracking);
    }

    /// <summary>Executes code in the flow of a run, as the executor does, and empties the holder after it.</summary>
    public static Task InFlow(RunAttempt attempt, Func<Task> body) => Task.Run(() =>
    {
        var holder = AmbientRun.Enter(new RunContext(attempt));
        return Body();

        async Task Body()
        {
            try
            {
                await body();
            }
            finally
            {
                holder.Run = null;
            }
        }
    });

    public static string[] LogOf(RunInfo run) => File.ReadAllLines(PathOf(run, RunLog.FileName));

    public static string PathOf(RunInfo run, string file) => Path.Combine(run.Folder.FullPath, file);

    public static MetricPoint Point(string metric, long step, double value) => new(metric, step, value, Noon.AddSeconds(step));

    public static RunEnd Completed(double? objective = 0.5) => new(RunState.Completed, objective, null, Noon.AddSeconds(3));

    public void Dispose() => Directory.Delete(Home, recursive: true);

    /// <summary>A store that takes what attempts append, and forgets it.</summary>
    private sealed class NoStore : ISweepStore
    {
        public bool IsReadOnly => false;

        public IAsyncEnumerable<(long Number, MetricPoint Point)> SeriesAsync(
            string sweepId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<RunRecord>> FindRunsByNameAsync(string name, string? sweepId = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public Task<RunVocabulary> VocabularyAsync(string? sweepId = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<(int Attempt, long Position, MetricPoint Point)> SeriesBeforeAsync(RunKey run, int attempt, long from = 0, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredCheckpoint>> CheckpointsAsync(string sweepId, long number, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> DeleteSweepAsync(string sweepId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask AppendAsync(StoreCommand command) => default;

        public void Append(StoreCommand command)
        {
        }

        public Task FlushAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;

        public Task<long> CreateSweepAsync(SweepRecord sweep, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<(long Key, SweepRecord Sweep)?> FindSweepAsync(string id, bool withBest = true, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<SweepRecord> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<RunRecord?> FindRunAsync(string sweepId, long number, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<RunRecord> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<AssignmentSummary>> BestAssignmentsAsync(string sweepId, int count, bool byMean = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string sweepId, long number, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<MetricPoint> SeriesAsync(string sweepId, long number, string? metric = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<StoredEvent> EventsAsync(string sweepId, long after = 0, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredRequest>> OpenRequestsAsync(long sweep, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<StoredRequest?> FindRequestAsync(long id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<SweepRecord>> SweepPageAsync(SweepQuery query, long skip, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<SweepState, long>> CountSweepsAsync(SweepQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ProjectsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<RunCounts> TotalsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<FailureSummary> FailuresAsync(string sweepId, int count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<MetricPoint>> SeriesShapeAsync(string sweepId, long number, int stretches, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<string?> LatestAsync(ExperimentKind? kind = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<RunRecord?> FindRunAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<RunDetails?> DetailsAsync(string sweepId, long number, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<HeldRun>> RunningHeldAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<SweepProgress> ProgressAsync(long sweep, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
