using System.Diagnostics;
using Orchestrator.Configuration;

namespace Orchestrator.Telemetry;

/// <summary>
/// The spans: a sweep, its runs, their attempts, and the tasks within. Each names its parent, since they begin and end on threads of their
/// own; none becomes the current one of whoever calls here.
/// </summary>
internal static class RunSpans
{
    private static readonly ActivitySource Source = new(OrchestratorTelemetry.SourceName, typeof(RunSpans).Assembly.GetName().Version?.ToString(3));

    /// <param name="sweep">The sweep.</param>
    /// <param name="parent">What was current where it was submitted: a request, for one.</param>
    public static Activity? StartSweep(SweepRecord sweep, ActivityContext parent)
    {
        if (!Source.HasListeners())
            return null;
        return Start("sweep " + sweep.Name, parent, null,
        [
            new("orchestrator.sweep.id", sweep.Id), new("orchestrator.sweep.name", sweep.Name),
            new("orchestrator.project", sweep.Project), new("orchestrator.sweep.method", sweep.Method),
        ]);
    }

    public static void EndSweep(Activity? span, SweepState state, string reason)
    {
        if (span is null)
            return;
        span.SetTag("orchestrator.sweep.state", Words.Of(state));
        span.SetTag("orchestrator.sweep.end_reason", reason);
        if (state == SweepState.Failed)
            span.SetStatus(ActivityStatusCode.Error, reason);
        Stop(span, null);
    }

    /// <summary>A run, from its first attempt here to its end; a child of its sweep, or of what is current where a run is held by hand.</summary>
    public static Activity? StartRun(RunInfo run, Activity? sweep)
    {
        if (!Source.HasListeners())
            return null;
        return Start("run", (sweep ?? Activity.Current)?.Context ?? default, run.StartedAt,
        [
            new("orchestrator.run.id", run.Id), new("orchestrator.run.name", run.Name), new("orchestrator.sweep.id", run.SweepId),
            new("orchestrator.project", run.Project), new("orchestrator.run.seed", run.Seed), new("orchestrator.run.proposal", run.Proposal),
            new("orchestrator.run.replicate", run.Replicate),
        ]);
    }

    /// <summary>None where its run has none: what is not sampled brings nothing along.</summary>
    public static Activity? StartAttempt(RunInfo run, Activity? parent)
    {
        if (parent is null || !Source.HasListeners())
            return null;
        return Start("attempt", parent.Context, run.StartedAt,
        [
            new("orchestrator.run.id", run.Id), new("orchestrator.attempt.number", run.Attempt),
            new("orchestrator.worker", run.Worker), new("orchestrator.device", run.Device),
        ]);
    }

    /// <summary>
    /// What the attempt's code does in a worker's process, and what is current there: a child of the attempt, whose span is the orchestrator's.
    /// Also where nobody in this process listens to us: what user code traces must find the trace that it belongs to.
    /// </summary>
    public static Activity StartHere(string attempt) =>
        Source.StartActivity("process", ActivityKind.Internal, attempt) ?? new Activity("process").SetParentId(attempt).Start();

    /// <summary>The end of a run, or of an attempt.</summary>
    public static void End(Activity? span, RunState state, RunFailure? failure, DateTimeOffset at)
    {
        if (span is null)
            return;
        span.SetTag("orchestrator.run.state", Words.Of(state));
        if (failure is not null)
            Fail(span, failure);
        else if (state is RunState.Completed)
            span.SetStatus(ActivityStatusCode.Ok);
        Stop(span, at);
    }

    /// <summary>The orchestrator itself failed.</summary>
    public static void Fault(Activity? span, Exception cause)
    {
        if (span is null)
            return;
        span.SetStatus(ActivityStatusCode.Error, cause.Message);
        span.SetTag("error.type", cause.GetType().FullName);
        Stop(span, null);
    }

    /// <summary>A task within an attempt, told when it has ended: it may have been in another process.</summary>
    public static void Task(Activity? attempt, TaskNote task)
    {
        if (attempt is null || task.EndedAt is not { } ended)
            return;
        var span = Start("task " + task.Name, attempt.Context, task.StartedAt, [new("orchestrator.task.name", task.Name)]);
        if (span is null)
            return;
        if (task.Failure is { } failure)
            Fail(span, failure);
        Stop(span, ended);
    }

    private static void Fail(Activity span, RunFailure failure)
    {
        span.SetTag("error.type", Words.Of(failure.Kind));
        span.SetTag("orchestrator.failure.fingerprint", failure.Fingerprint);
        if (failure.Type is { } type)
        {
            span.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection
            {
                ["exception.type"] = type,
                ["exception.message"] = failure.Message,
                ["exception.stacktrace"] = failure.StackTrace,
            }));
        }

        span.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    private static Activity? Start(string name, ActivityContext parent, DateTimeOffset? at, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var current = Activity.Current;
        Activity.Current = null; // else it would stand in for a parent that is missing on purpose
        try
        {
            return Source.StartActivity(ActivityKind.Internal, parent, [.. tags], links: null, startTime: at ?? default, name: name);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static void Stop(Activity span, DateTimeOffset? at)
    {
        var current = Activity.Current;
        if (at is { } end)
            span.SetEndTime(end.UtcDateTime);
        span.Stop();
        Activity.Current = current;
    }
}
