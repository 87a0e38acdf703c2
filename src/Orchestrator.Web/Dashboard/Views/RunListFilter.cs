using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Storage;

namespace Orchestrator.Web.Dashboard.Views;

/// <summary>Which runs of a sweep its page lists, and in which order, as the address says.</summary>
internal sealed record RunListFilter(RunState? State, RunOrder Order, bool IsDescending)
{
    private static readonly RunOrder[] Offered = [RunOrder.Number, RunOrder.Objective, RunOrder.Duration, RunOrder.Started];

    public static RunListFilter Of(DashboardContext context)
    {
        var state = context.Request.GetQuery("state");
        var order = context.Request.GetQuery("order");
        return new(
            Words.All(typeof(RunState)).Contains(state) ? Words.Parse<RunState>(state!) : null,
            Offered.FirstOrDefault(o => Words.Of(o) == order),
            context.Request.GetQuery("desc") == "1");
    }

    public RunQuery ToQuery(string sweep, long skip, int limit) =>
        new() { Sweep = sweep, States = State is { } state ? [state] : [], Order = Order, Descending = IsDescending, Skip = skip, Limit = limit };

    public string ToQueryString() => DashboardLinks.Query(
        ("state", State is { } state ? Words.Of(state) : null), ("order", Order == RunOrder.Number ? null : Words.Of(Order)), ("desc", IsDescending ? "1" : null));

    /// <summary>The order by a column: the other way around if it is the present one.</summary>
    public RunListFilter By(RunOrder order, bool descendingFirst = false) =>
        this with { Order = order, IsDescending = Order == order ? !IsDescending : descendingFirst };
}
