namespace Orchestrator.Web.Schedules;

/// <summary>A recurring sweep by its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">What it says.</param>
/// <param name="IsConfigured">Whether it stands in appsettings.json (or the environment), and not in the home.</param>
internal sealed record Schedule(string Name, ScheduleOptions Options, bool IsConfigured)
{
    /// <summary>The attribute by which a sweep names the schedule that it comes from.</summary>
    public const string Attribute = "schedule";
}
