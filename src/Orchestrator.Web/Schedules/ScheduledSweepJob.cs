using Hangfire;
using Orchestrator.Configuration;
using Orchestrator.Sweeps;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Web.Schedules;

/// <summary>
/// The firing of a schedule: submits a new sweep, which is a job of its own. While the sweep of an earlier firing still runs, the firing is
/// skipped and its job counts as deleted, with that reason.
/// </summary>
[Queue(Queue)]
[AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail, LogEvents = false)]
[SweepJobStates]
public sealed class ScheduledSweepJob
{
    /// <summary>A queue apart: a firing does not wait until a sweep's slot is free.</summary>
    internal const string Queue = "schedules";

    private readonly ScheduleBook _book;
    private readonly SweepScheduler _scheduler;
    private readonly ISweepCatalog _catalog;

    internal ScheduledSweepJob(ScheduleBook book, SweepScheduler scheduler, ISweepCatalog catalog) => (_book, _scheduler, _catalog) = (book, scheduler, catalog);

    /// <summary>Submits the sweep of a schedule.</summary>
    /// <param name="schedule">The schedule's name.</param>
    /// <param name="cancellationToken">Hangfire's token.</param>
    /// <returns>The sweep that was submitted, in a sentence.</returns>
    [JobDisplayName("schedule {0}")]
    public async Task<string> SubmitAsync(string schedule, CancellationToken cancellationToken)
    {
        var found = _book.Find(schedule) ?? throw new SweepEndedException($"There is no schedule '{schedule}' any more.");
        if (await LastRunningAsync(schedule, cancellationToken) is { } last)
            throw new SweepEndedException($"Skipped: sweep {last.Id} of an earlier firing still runs ({last.State.ToString().ToLowerInvariant()}).");

        var options = found.Options;
        var read = SweepFileReader.ReadFile(options.File, _catalog, [.. options.Set]);
        if (read.Definition is not { } definition)
            throw new InvalidSweepFileException(read.Problems);
        definition.Attributes[Schedule.Attribute] = schedule;
        if (options.Workers is { } workers)
            definition.Limits.MaxConcurrent = Math.Min(workers, definition.Limits.MaxConcurrent ?? int.MaxValue);
        var sweep = await _scheduler.SubmitAsync(
            new SweepRequest { Definition = definition, File = options.File, Locate = read.Locate },
            new SubmitOptions { Priority = options.Priority, Workers = options.Workers },
            cancellationToken);
        return $"Submitted sweep {sweep.Id}, {SweepJobs.NameOf(sweep)}.";
    }

    private async Task<SweepRecord?> LastRunningAsync(string schedule, CancellationToken cancellationToken)
    {
        await foreach (var sweep in _scheduler.ListUnfinishedAsync(cancellationToken))
        {
            if (IsUnderWay(sweep) && sweep.Attributes.TryGetValue(Schedule.Attribute, out var name) && name.ToString() == schedule)
                return sweep;
        }

        return null;
    }

    /// <summary>An interrupted sweep counts only if it is queued to go on: one that is left as it is would keep the schedule from ever firing again.</summary>
    private bool IsUnderWay(SweepRecord sweep) => sweep.State switch
    {
        SweepState.Queued or SweepState.Running or SweepState.Paused => true,
        SweepState.Interrupted => _scheduler.FindPending(sweep.Id) is not null,
        _ => false,
    };
}
