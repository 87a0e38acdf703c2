using System.Globalization;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>What a run is, where and when it was executed, and with which parameters.</summary>
internal static class RunFacts
{
    private const int LongestValue = 400;

    public static Markup Numbers(RunView view)
    {
        var (run, blocks) = (view.Run, new Blocks());
        if (view.Sweep.Metric.Name.Length > 0)
            blocks.Add(run.Objective is { } value ? Human.Number(value) : "–", view.Sweep.Metric.Name, run.State == RunState.Completed ? "success" : "default");
        blocks.Add(run.Attempts.ToString(CultureInfo.InvariantCulture), run.Attempts == 1 ? "attempt" : "attempts", run.Attempts > 1 ? "warning" : "default");
        var seconds = run.State == RunState.Running && run.StartedAt is { } started ? (view.Now - started).TotalSeconds : run.DurationSeconds;
        blocks.Add(seconds is { } taken ? Human.Duration(Math.Max(0, taken)) : "–", run.State == RunState.Running ? "elapsed" : "duration");
        return blocks.Render();
    }

    public static Markup Render(RunView view)
    {
        var run = view.Run;
        return new Facts()
            .Add("Id", Markup.Of($"<span class=\"orc-id\">{HtmlText.Name(run.Id)}</span>"))
            .Add("Seed", run.Seed.ToString(CultureInfo.InvariantCulture))
            .Add("Replicate", view.Sweep.Kind == ExperimentKind.Sweep ? string.Create(CultureInfo.InvariantCulture, $"{run.Replicate} of assignment {run.Proposal}") : null)
            .Add("Worker", run.Worker)
            .Add("Device", run.Device)
            .Add("Project", run.Project)
            .Add("Queued", Moments.Exact(run.CreatedAt))
            .Add("Started", run.StartedAt is null ? Markup.Empty : Moments.Exact(run.StartedAt))
            .Add("Ended", run.EndedAt is null ? Markup.Empty : Moments.Exact(run.EndedAt))
            .AddCode("Folder", Directory.Exists(view.Folder) ? view.Folder : null)
            .Add("Tags", Markup.Join(run.Tags.Select(t => Markup.Of($"<span class=\"label label-default orc-tag\">{HtmlText.Name(t, 40)}</span>")), " "))
            .Render();
    }

    public static Markup Parameters(RunRecord run) => run.Parameters.Count == 0 && run.Attributes.Count == 0
        ? Markup.Empty
        : Markup.Of($"""
            <h3>Parameters</h3>
            <dl class="orc-values">{run.Parameters.Select(p => Value(p.Key, p.Value))}</dl>
            {(run.Attributes.Count == 0 ? Markup.Empty : Markup.Of($"<h3>Attributes</h3><dl class=\"orc-values\">{run.Attributes.Select(a => Value(a.Key, a.Value))}</dl>"))}
            """);

    private static Markup Value(string name, ParameterValue value) =>
        Markup.Of($"<div><dt>{HtmlText.Name(name, 60)}</dt><dd>{HtmlText.Name(value.ToString(), LongestValue)}</dd></div>");
}
