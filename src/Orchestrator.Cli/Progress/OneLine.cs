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
        var line = inner.Render(options with { SingleLine = true }, Unlimited).ToList();
        return Segment.CellCount(line) <= maxWidth
            ? line
            : [.. Segment.Truncate(line, maxWidth - 1), new Segment(Ellipsis)];
    }
}
