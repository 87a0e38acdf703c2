using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Cli.Progress;

/// <summary>Cuts what does not fit instead of wrapping it: a table that grows by a line jumps.</summary>
internal sealed class OneLine(IRenderable inner) : Renderable
{
    private const string Ellipsis = "…";
    private const int Unlimited = 10_000;

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) =>
        new(1, Math.Min(maxWidth, inner.Measure(options, Unlimited).Max));

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // Rendered with room for all of it, so neither wrapped nor aligned; both are done here.
        var line = inner.Render(options with { Justification = null }, Unlimited).Where(s => !s.IsLineBreak).ToList();
        var left = maxWidth - Segment.CellCount(line);
        if (left < 0)
            return [.. Segment.Truncate(line, maxWidth - 1), new Segment(Ellipsis)];
        return options.Justification == Justify.Right && left > 0 ? [Segment.Padding(left), .. line] : line;
    }
}
