using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>Facts of a sweep in a cell of a table.</summary>
internal static class SweepTexts
{
    /// <summary>The best objective over the name of its metric.</summary>
    public static Markup Best(SweepRecord sweep) => sweep.Best is { } best
        ? Markup.Of($"{Human.Number(best.Objective)}<div class=\"orc-small text-muted\">{HtmlText.Name(sweep.Metric.Name, 24)}</div>")
        : Moments.None;

    /// <summary>How long it has taken, and how long it still takes.</summary>
    public static Markup Elapsed(SweepRecord sweep, DateTimeOffset now)
    {
        var elapsed = sweep.ElapsedSecondsAt(now);
        if (sweep.Kind == ExperimentKind.Experiment || (elapsed == 0 && !sweep.IsExecuted()))
            return Moments.None;
        return sweep.SecondsLeft(now) is { } left
            ? Markup.Of($"{Human.Duration(elapsed)}<div class=\"orc-small text-muted\">{Human.Duration(left)} left</div>")
            : Markup.Of($"{Human.Duration(elapsed)}");
    }
}
