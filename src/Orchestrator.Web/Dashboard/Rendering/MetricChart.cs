using System.Globalization;
using System.Text;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>A curve in SVG: the values over the steps, with labelled axes. Colours are the stylesheet's, for light and dark.</summary>
internal static class MetricChart
{
    private const double Width = 360;
    private const double Height = 156;
    private const double Left = 44;
    private const double Right = 352;
    private const double Top = 8;
    private const double Bottom = 128;
    private const int Ticks = 4;

    public static Markup Draw(string metric, IReadOnlyList<MetricPoint> points)
    {
        if (points.Count == 0)
            return Markup.Of($"<p class=\"text-muted orc-no-chart\">No finite value.</p>");
        var y = AxisScale.Of(points.Min(p => p.Value), points.Max(p => p.Value), Ticks);
        var (first, last) = (points.Min(p => p.Step), points.Max(p => p.Step));
        double X(long step) => last == first ? (Left + Right) / 2 : Left + ((Right - Left) * ((double)(step - first) / ((double)last - first)));
        double Y(double value) => Bottom - ((Bottom - Top) * y.Place(value));

        var label = $"{metric} over {Human.Count(last - first + 1)} steps: from {Human.Number(points[0].Value)} to {Human.Number(points[^1].Value)}";
        return Markup.Of($"""
            <svg class="orc-chart" viewBox="0 0 {Text(Width)} {Text(Height)}" role="img" aria-label="{HtmlText.Shorten(HtmlText.OneLine(label), 200)}">
                {y.Ticks.Select(tick => Markup.Of($"<line class=\"orc-grid\" x1=\"{Text(Left)}\" x2=\"{Text(Right)}\" y1=\"{Text(Y(tick))}\" y2=\"{Text(Y(tick))}\"/><text class=\"orc-y\" x=\"{Text(Left - 5)}\" y=\"{Text(Y(tick) + 4)}\">{y.Label(tick)}</text>"))}
                <line class="orc-axis" x1="{Text(Left)}" x2="{Text(Right)}" y1="{Text(Bottom)}" y2="{Text(Bottom)}"/>
                {StepLabels(first, last)}
                {Curve(points, X, Y)}
            </svg>
            """);
    }

    private static Markup StepLabels(long first, long last) => Markup.Of($"""
        <text class="orc-x-title" x="{Text((Left + Right) / 2)}" y="{Text(Bottom + 18)}">step{(first == last ? " " + Human.Count(first) : "")}</text>
        {(first == last ? Markup.Empty : Markup.Of($"<text class=\"orc-x-first\" x=\"{Text(Left)}\" y=\"{Text(Bottom + 18)}\">{Human.Count(first)}</text><text class=\"orc-x-last\" x=\"{Text(Right)}\" y=\"{Text(Bottom + 18)}\">{Human.Count(last)}</text>"))}
        """);

    private static Markup Curve(IReadOnlyList<MetricPoint> points, Func<long, double> x, Func<double, double> y)
    {
        var end = points[^1];
        var dot = Markup.Of($"<circle class=\"orc-dot\" cx=\"{Text(x(end.Step))}\" cy=\"{Text(y(end.Value))}\" r=\"2.5\"/>");
        if (points.Count == 1)
            return dot;
        var line = new StringBuilder();
        foreach (var point in points)
            line.Append(Text(x(point.Step))).Append(',').Append(Text(y(point.Value))).Append(' ');
        return Markup.Of($"<polyline class=\"orc-line\" points=\"{line.ToString().TrimEnd()}\"/>{dot}");
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
