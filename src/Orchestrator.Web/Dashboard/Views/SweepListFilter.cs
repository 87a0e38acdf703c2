using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Storage;

namespace Orchestrator.Web.Dashboard.Views;

/// <summary>Which sweeps the list shows, as its address says.</summary>
/// <param name="State">Only those in this state.</param>
/// <param name="Project">Only those of this project.</param>
/// <param name="Search">Only those whose name or id contains this.</param>
internal sealed record SweepListFilter(SweepState? State, string? Project, string? Search)
{
    private const int LongestSearch = 200;

    public bool IsEmpty => State is null && Project is null && Search is null;

    public static SweepListFilter Of(DashboardContext context)
    {
        var state = context.Request.GetQuery("state");
        var search = context.Request.GetQuery("search")?.Trim();
        return new(
            Words.All(typeof(SweepState)).Contains(state) ? Words.Parse<SweepState>(state!) : null,
            Text(context.Request.GetQuery("project")),
            Text(search is { Length: > LongestSearch } ? search[..LongestSearch] : search));
    }

    public SweepQuery ToQuery(int? limit = null) => new() { States = State is { } state ? [state] : [], Project = Project, Search = Search, Limit = limit };

    public string ToQueryString() => DashboardLinks.Query(("state", State is { } state ? Words.Of(state) : null), ("project", Project), ("search", Search));

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
