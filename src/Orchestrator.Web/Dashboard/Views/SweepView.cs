using Hangfire.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Rendering;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Web.Dashboard.Views;

/// <summary>What the page of a sweep shows.</summary>
internal sealed record SweepView
{
    private const int MostBest = 10;
    private const int MostFailures = 10;

    public required SweepRecord Sweep { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required RunListFilter Filter { get; init; }

    public required FilterPager Pager { get; init; }

    public required IReadOnlyList<RunRecord> Runs { get; init; }

    public IReadOnlyList<AssignmentSummary> Best { get; init; } = [];

    public FailureSummary Failures { get; init; } = FailureSummary.None;

    public IReadOnlyList<SpaceEntry> Space { get; init; } = [];

    /// <summary>The id of the Hangfire job that executes it; <see langword="null"/>: there is none.</summary>
    public string? Job { get; init; }

    /// <summary>The parameters that have one value only.</summary>
    public IReadOnlySet<string> Constants { get; init; } = new HashSet<string>();

    public static async Task<SweepView> LoadAsync(DashboardContext context, DashboardData data, SweepRecord sweep, CancellationToken cancellationToken)
    {
        var store = await data.StoreAsync().ConfigureAwait(false);
        var filter = RunListFilter.Of(context);
        var total = filter.State is { } state ? sweep.Counts[state] : sweep.Counts.Total;
        var pager = FilterPager.Create(context, total, filter.ToQueryString(), "#runs");
        var runs = new List<RunRecord>();
        await foreach (var run in store.QueryRunsAsync(filter.ToQuery(sweep.Id, pager.FromRecord, pager.RecordsPerPage), cancellationToken).ConfigureAwait(false))
            runs.Add(run);
        return new SweepView
        {
            Sweep = sweep,
            Now = data.Now,
            Filter = filter,
            Pager = pager,
            Runs = runs,
            Best = sweep.Metric.Name.Length == 0 ? [] : await store.BestAssignmentsAsync(sweep.Id, MostBest, cancellationToken: cancellationToken).ConfigureAwait(false),
            Failures = sweep.Counts.Failed == 0 ? FailureSummary.None : await store.FailuresAsync(sweep.Id, MostFailures, cancellationToken).ConfigureAwait(false),
            Job = data.Services.GetService<SweepJobs>()?.Find(sweep.Id)?.Id,
            Space = sweep.Kind == ExperimentKind.Sweep ? SpaceText.Of(sweep.Definition) : [],
            Constants = sweep.Kind == ExperimentKind.Sweep ? ParameterSplit.Constants(sweep.Definition) : new HashSet<string>(),
        };
    }
}
