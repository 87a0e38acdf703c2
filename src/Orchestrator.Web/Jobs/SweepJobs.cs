using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Orchestrator.Web.Jobs;

/// <summary>The jobs of sweeps in Hangfire's storage: one for each sweep, found again by the sweep's id.</summary>
internal sealed class SweepJobs(JobStorage storage)
{
    /// <summary>The queue in which sweeps wait for a slot.</summary>
    public const string Queue = "sweeps";

    /// <summary>The job parameter with the text by which a job is shown.</summary>
    public const string NameParameter = "SweepName";

    /// <summary>The job parameter that says that the sweep is executed although it has ended.</summary>
    public const string ResumptionParameter = "Resumption";

    /// <summary>The job parameter with the moment at which the job was queued last.</summary>
    public const string EnqueuedParameter = "EnqueuedAt";

    private const string JobField = "Job";

    private readonly BackgroundJobClient _client = new(storage);

    /// <summary>The text by which the job of a sweep is shown, such as <c>digits-grid: grid, 27 runs</c>.</summary>
    public static string NameOf(SweepRecord sweep) => sweep.PlannedRuns is { } runs
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sweep.Name}: {sweep.Method}, {runs} {(runs == 1 ? "run" : "runs")}")
        : $"{sweep.Name}: {sweep.Method}";

    /// <summary>The hash that leads from a sweep to its job.</summary>
    public static string HashOf(string sweep) => "orchestrator:sweep:" + sweep;

    /// <summary>What that hash holds.</summary>
    public static KeyValuePair<string, string> FieldOf(string job) => KeyValuePair.Create(JobField, job);

    /// <summary>The sweep of a job; <see langword="null"/> for a job of another kind.</summary>
    public static string? SweepOf(Job? job) => job?.Type == typeof(SweepJob) && job.Args is [string sweep, ..] ? sweep : null;

    /// <summary>The id of the job that a sweep was given last; the job may be gone.</summary>
    public static string? JobOf(IStorageConnection connection, string sweep) => connection.GetAllEntriesFromHash(HashOf(sweep))?.GetValueOrDefault(JobField);

    /// <summary>Whether the sweep is to be executed again although it has ended. It is asked once.</summary>
    public static SweepResumption? TakeResumption(PerformContext context)
    {
        var resumption = context.GetJobParameter<SweepResumption?>(ResumptionParameter);
        if (resumption is not null)
            context.SetJobParameter(ResumptionParameter, null);
        return resumption;
    }

    /// <summary>The job of a sweep and its state; <see langword="null"/> if it has none (any more).</summary>
    public (string Id, string State)? Find(string sweep)
    {
        using var connection = storage.GetConnection();
        return JobOf(connection, sweep) is { } id && connection.GetStateData(id) is { } state
            ? (id, state.Name)
            : null;
    }

    /// <summary>Queues the job of a sweep, made anew if there is none; one that waits already stays as it is.</summary>
    public void Enqueue(SweepRecord sweep, string? reason)
    {
        if (Find(sweep.Id) is not var (id, state))
        {
            var job = Job.FromExpression<SweepJob>(one => one.ExecuteAsync(sweep.Id, null, CancellationToken.None));
            _client.Create(job, new ReturnedState { Reason = reason }, new Dictionary<string, object> { [NameParameter] = NameOf(sweep) });
            return;
        }

        if (state == EnqueuedState.StateName || state == ScheduledState.StateName || state == AwaitingState.StateName)
            return;
        if (SweepOutcomes.HasEnded(sweep))
        {
            using var connection = storage.GetConnection();
            connection.SetJobParameter(id, ResumptionParameter, SerializationHelper.Serialize<SweepResumption?>(SweepResumption.WithRest, SerializationOption.User));
        }

        _client.ChangeState(id, new ReturnedState { Reason = reason }, state);
    }

    /// <summary>Puts a job that was being processed back into its queue.</summary>
    public void Requeue(string job, string reason) =>
        _client.ChangeState(job, new ReturnedState { Reason = reason }, ProcessingState.StateName);

    /// <summary>Deletes the job of a sweep that is not to be executed any more.</summary>
    public void Delete(string sweep, string reason)
    {
        if (Find(sweep) is var (id, state) && state == EnqueuedState.StateName)
            _client.ChangeState(id, new DeletedState { Reason = reason }, state);
    }

    /// <summary>Whether a job that is being processed here was deleted or queued anew.</summary>
    public bool IsTakenAway(string job)
    {
        using var connection = storage.GetConnection();
        return connection.GetStateData(job)?.Name != ProcessingState.StateName;
    }

    /// <summary>Puts the job that is being processed back into its queue; what is thrown then ends its processing without a word.</summary>
    public JobAbortedException Return(PerformContext? context, string reason)
    {
        if (context is not null)
            Requeue(context.BackgroundJob.Id, reason);
        return new JobAbortedException();
    }
}
