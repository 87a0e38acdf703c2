using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace Orchestrator.Web.Schedules;

/// <summary>Keeps Hangfire's recurring jobs equal to the schedules of the home.</summary>
internal sealed class RecurringSweeps(JobStorage storage, ScheduleBook book)
{
    private const string Prefix = "sweep:";

    private readonly RecurringJobManager _jobs = new(storage);

    /// <summary>The schedule of a recurring job; <see langword="null"/> for a job of another kind.</summary>
    public static string? ScheduleOf(string recurringJob) => recurringJob.StartsWith(Prefix, StringComparison.Ordinal) ? recurringJob[Prefix.Length..] : null;

    /// <summary>Brings the recurring jobs up to date.</summary>
    /// <returns>What is wrong with the schedules that are left out, a line each.</returns>
    /// <exception cref="WebSettingsException">A configured schedule is wrong; nothing was changed.</exception>
    public IReadOnlyList<string> Synchronize()
    {
        var schedules = book.Read(out var broken);
        foreach (var schedule in schedules)
        {
            var name = schedule.Name;
            // A firing that was missed while no host was there is not made up for, as with cron.
            var options = new RecurringJobOptions { TimeZone = ScheduleRules.ZoneOf(schedule.Options), MisfireHandling = MisfireHandlingMode.Ignorable };
            _jobs.AddOrUpdate(Prefix + name, Job.FromExpression<ScheduledSweepJob>(job => job.SubmitAsync(name, CancellationToken.None)), schedule.Options.Cron, options);
        }

        using var connection = storage.GetConnection();
        foreach (var recurring in connection.GetRecurringJobs())
        {
            if (ScheduleOf(recurring.Id) is { } name && schedules.All(s => s.Name != name))
                _jobs.RemoveIfExists(recurring.Id);
        }

        return broken;
    }
}
