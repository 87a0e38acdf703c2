namespace Orchestrator.Web;

/// <summary>A recurring sweep: an entry of <c>Orchestrator:Schedules</c>, or one that the verb <c>schedule</c> has added.</summary>
public sealed class ScheduleOptions
{
    /// <summary>The sweep file, relative to the current folder. It is read anew at each firing.</summary>
    public string File { get; set; } = "";

    /// <summary>When: five fields as in cron (minute, hour, day, month, day of the week), or six with the seconds first.</summary>
    public string Cron { get; set; } = "";

    /// <summary>The time zone in which that is meant, such as <c>Europe/Berlin</c>. Default: this machine's.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Changes to the file before it is read: <c>path.in.file=value</c>.</summary>
    public IList<string> Set { get; init; } = [];

    /// <summary>A sweep of higher priority takes free workers first. Default: 0.</summary>
    public int Priority { get; set; }

    /// <summary>How many of a sweep's runs are executed at once; at least 1. Default: as many as the host has workers.</summary>
    public int? Workers { get; set; }
}
