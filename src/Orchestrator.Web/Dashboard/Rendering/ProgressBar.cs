using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>
/// The runs of a sweep as a bar with a segment for each state. Drawn with attributes of SVG, since a content security policy may forbid
/// styles in elements.
/// </summary>
internal static class ProgressBar
{
    /// <summary>From what is done to what is under way; what waits is the empty rest.</summary>
    private static readonly RunState[] Segments = [RunState.Completed, RunState.Pruned, RunState.Failed, RunState.Canceled, RunState.Paused, RunState.Running];

    private static readonly RunState[] Shown = [.. Segments, RunState.Queued];

    public static Markup Draw(SweepRecord sweep)
    {
        var all = sweep.Planned() ?? sweep.Counts.Total;
        var drawn = 0.0;
        var parts = new List<Markup>();
        foreach (var state in Segments.Where(s => sweep.Counts[s] > 0))
        {
            var width = 100.0 * sweep.Counts[state] / all;
            parts.Add(Markup.Of($"<rect class=\"orc-{Words.Of(state)}\" x=\"{Percent(drawn)}\" width=\"{Percent(width)}\" height=\"100%\"/>"));
            drawn += width;
        }

        return Markup.Of($"<svg class=\"orc-progress\" role=\"img\" aria-label=\"{Describe(sweep)}\">{parts}</svg>");
    }

    /// <summary><c>14 of 27 runs</c>.</summary>
    public static string Share(SweepRecord sweep)
    {
        var planned = sweep.Planned();
        var noun = (planned ?? sweep.Ended()) == 1 ? "run" : "runs";
        return planned is { } all ? $"{Human.Count(sweep.Ended())} of {Human.Count(all)} {noun}" : $"{Human.Count(sweep.Ended())} {noun}";
    }

    /// <summary>The counts that are not zero, each with the colour of its segment.</summary>
    public static Markup Legend(SweepRecord sweep, bool onlyOdd = false) => Markup.Join(
        Shown.Where(s => sweep.Counts[s] > 0 && !(onlyOdd && s is RunState.Completed or RunState.Queued))
            .Select(s => Markup.Of($"<span class=\"orc-count\"><span class=\"orc-key orc-{Words.Of(s)}\"></span>{Human.Count(sweep.Counts[s])} {Words.Of(s)}</span>")),
        " ");

    private static string Describe(SweepRecord sweep) => $"{Share(sweep)} ended: {Human.Counts(sweep.Counts)}";

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";
}
