using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Rendering;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Pages;

/// <summary>The sweeps, newest first, by state, project and name.</summary>
internal sealed class SweepsPage : DashboardPage
{
    private readonly SweepListFilter _filter;
    private readonly FilterPager _pager;

    private SweepsPage(SweepListFilter filter, FilterPager pager) => (_filter, _pager) = (filter, pager);

    protected override string Title => "Sweeps";

    protected override bool IsLive => Counts.Any(count => count.Value > 0 && count.Key.IsUnderWay());

    private IReadOnlyList<SweepRecord> Sweeps { get; init; } = [];

    private IReadOnlyDictionary<SweepState, long> Counts { get; init; } = new Dictionary<SweepState, long>();

    private IReadOnlyList<string> Projects { get; init; } = [];

    private bool Any { get; init; }

    private DateTimeOffset Now { get; init; }

    public static async Task<DashboardPage> LoadAsync(DashboardContext context, DashboardData data)
    {
        var filter = SweepListFilter.Of(context);
        if (!data.Any)
            return new SweepsPage(filter, FilterPager.Create(context, 0, ""));
        var token = context.GetHttpContext().RequestAborted;
        var store = await data.StoreAsync().ConfigureAwait(false);
        await data.CountActiveAsync(token).ConfigureAwait(false); // puts right what a crash left, so that the counts are true
        var counts = await store.CountSweepsAsync(filter.ToQuery(), token).ConfigureAwait(false);
        var pager = FilterPager.Create(context, filter.State is { } state ? counts.GetValueOrDefault(state) : counts.Values.Sum(), filter.ToQueryString());
        var sweeps = await store.SweepPageAsync(filter.ToQuery(pager.RecordsPerPage), pager.FromRecord, token).ConfigureAwait(false);
        return new SweepsPage(filter, pager)
        {
            Sweeps = sweeps,
            Counts = counts,
            Projects = await store.ProjectsAsync(token).ConfigureAwait(false),
            Any = counts.Count > 0 || await store.LatestAsync(cancellationToken: token).ConfigureAwait(false) is not null,
            Now = data.Now,
        };
    }

    protected override Markup Body() => Markup.Of($"""
        <div class="row">
            <div class="col-md-3"><div id="stats" class="list-group" data-live>{States()}</div></div>
            <div class="col-md-9">
                <h1 class="page-header">Sweeps</h1>
                <div id="orchestrator-answer"></div>
                {(Any ? FilterForm() : Markup.Empty)}
                <div id="orchestrator-sweeps" data-live>{List()}</div>
            </div>
        </div>
        """);

    private IEnumerable<Markup> States()
    {
        yield return StateItem(null, "All", Counts.Values.Sum(), "default");
        foreach (var state in Enum.GetValues<SweepState>())
        {
            var word = Words.Of(state);
            yield return StateItem(state, char.ToUpperInvariant(word[0]) + word[1..], Counts.GetValueOrDefault(state), MetricStyleOf(state));
        }
    }

    private Markup StateItem(SweepState? state, string title, long count, string style) => Markup.Of($"""
        <a href="{Url.Sweeps()}{(_filter with { State = state }).ToQueryString()}" class="list-group-item {(_filter.State == state ? "active" : "")}">{title}
            <span class="pull-right"><span class="metric metric-{(count > 0 ? style : "default")}">{Human.Count(count)}</span></span></a>
        """);

    private Markup FilterForm() => Markup.Of($"""
        <form class="form-inline orc-filter" method="get" action="{Url.Sweeps()}" role="search">
            {(_filter.State is { } state ? Markup.Of($"<input type=\"hidden\" name=\"state\" value=\"{Words.Of(state)}\">") : Markup.Empty)}
            <div class="form-group"><input type="search" class="form-control input-sm" name="search" value="{_filter.Search}" placeholder="Name or id" aria-label="Name or id" maxlength="200"></div>
            <div class="form-group"><select class="form-control input-sm" name="project" aria-label="Project"><option value="">All projects</option>{Projects.Select(Option)}</select></div>
            <button type="submit" class="btn btn-sm btn-default"><span class="glyphicon glyphicon-search" aria-hidden="true"></span> Filter</button>
            {(_filter.IsEmpty ? Markup.Empty : Markup.Of($"<a class=\"btn btn-sm btn-link\" href=\"{Url.Sweeps()}\">Clear</a>"))}
        </form>
        """);

    private Markup Option(string project) => Markup.Of($"""
        <option value="{project}"{(project == _filter.Project ? Markup.Of($" selected") : Markup.Empty)}>{HtmlText.Shorten(HtmlText.OneLine(project), 60)}</option>
        """);

    private Markup List() => Sweeps.Count == 0
        ? Markup.Of($"<div class=\"alert alert-info\">{(Any ? Markup.Text("No sweep matches.") : Markup.Of($"There are no sweeps yet. <code>orchestrator submit sweep.json</code> submits one."))}</div>")
        : Markup.Of($"""
            <div class="table-responsive"><table class="table orc-table" aria-label="Sweeps">
                <thead><tr><th>Sweep</th><th class="min-width">State</th><th class="orc-bar-column">Runs</th><th class="align-right min-width">Best</th><th class="align-right min-width">Elapsed</th><th class="align-right min-width">Created</th>{(IsReadOnly ? Markup.Empty : Markup.Of($"<th></th>"))}</tr></thead>
                <tbody>{Rows()}</tbody>
            </table></div>
            {Markup.Of(Html.Paginator(_pager))}
            """);

    private IEnumerable<Markup> Rows()
    {
        var antiforgery = AntiforgeryField();
        return Sweeps.Select(sweep => Markup.Of($"""
            <tr class="hover">
                <td class="orc-name"><a href="{Url.Sweep(sweep.Id)}">{HtmlText.Name(sweep.Name)}</a>
                    <div class="orc-small text-muted"><span class="orc-id">{sweep.Id}</span> · {HtmlText.Name(sweep.Project, 30)} · {HtmlText.Name(sweep.Method, 30)}</div></td>
                <td class="min-width">{StateLabels.Of(sweep.State)}</td>
                <td class="orc-bar-column">{ProgressBar.Draw(sweep)}<div class="orc-small">{ProgressBar.Share(sweep)} {ProgressBar.Legend(sweep, onlyOdd: true)}</div></td>
                <td class="align-right min-width">{SweepTexts.Best(sweep)}</td>
                <td class="align-right min-width">{SweepTexts.Elapsed(sweep, Now)}</td>
                <td class="align-right min-width">{Moments.Relative(sweep.CreatedAt)}</td>
                {(IsReadOnly ? Markup.Empty : Markup.Of($"<td class=\"min-width\">{CommandButtons.Of(Url, sweep, antiforgery, isSmall: true)}</td>"))}
            </tr>
            """));
    }

    private static string MetricStyleOf(SweepState state) => StateLabels.Suffix(state) switch
    {
        "active" or "inactive" => "default",
        var style => style,
    };
}
