using Hangfire;
using Hangfire.Common;

namespace Orchestrator.Web.Schedules;

/// <summary>What the dashboard changes recurring jobs with: a schedule that is removed there is removed from the home, too.</summary>
internal sealed class ScheduleRemovingFactory(ScheduleBook book, IJobFilterProvider filters, ITimeZoneResolver zones) : IRecurringJobManagerFactory
{
    public IRecurringJobManager GetManager(JobStorage storage) => new Manager(new RecurringJobManager(storage, filters, zones), book);

    private sealed class Manager(RecurringJobManager inner, ScheduleBook book) : IRecurringJobManager
    {
        public void AddOrUpdate(string recurringJobId, Job job, string cronExpression, RecurringJobOptions options) =>
            inner.AddOrUpdate(recurringJobId, job, cronExpression, options);

        public void Trigger(string recurringJobId) => inner.Trigger(recurringJobId);

        public void RemoveIfExists(string recurringJobId)
        {
            if (RecurringSweeps.ScheduleOf(recurringJobId) is { } schedule)
                book.Remove(schedule);
            inner.RemoveIfExists(recurringJobId);
        }
    }
}
