using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.Dashboard;
using Hangfire.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Web.Dashboard;

/// <summary>
/// Shows the job of a sweep by the sweep's name. Hangfire gives a display name the job's arguments only, so the text is found by the sweep's
/// id; it never changes and is remembered.
/// </summary>
internal sealed class SweepJobNameAttribute() : JobDisplayNameAttribute("sweep {0}")
{
    private const int MostRemembered = 10_000;
    private const int LongestName = 200;
    private static readonly ConcurrentDictionary<string, string> Remembered = new(StringComparer.Ordinal);

    public override string Format(DashboardContext context, Job job)
    {
        if (SweepJobs.SweepOf(job) is not { } sweep)
            return base.Format(context, job);
        if (Remembered.TryGetValue(sweep, out var known))
            return known;
        if (Read(context.Storage, sweep) is not { } name)
            return base.Format(context, job);
        if (Remembered.Count >= MostRemembered)
            Remembered.Clear();
        return Remembered[sweep] = HtmlText.Shorten(HtmlText.OneLine(name), LongestName);
    }

    private static string? Read(JobStorage storage, string sweep)
    {
        using var connection = storage.GetReadOnlyConnection();
        return SweepJobs.JobOf(connection, sweep) is { } id && connection.GetJobParameter(id, SweepJobs.NameParameter) is { } stored
            ? SerializationHelper.Deserialize<string>(stored, SerializationOption.User)
            : null;
    }
}
