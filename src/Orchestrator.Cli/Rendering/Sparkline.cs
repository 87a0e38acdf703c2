namespace Orchestrator.Cli.Rendering;

/// <summary>A series as one line of blocks. Keeps a bounded sample of it, however long it is.</summary>
internal sealed class Sparkline
{
    private const int MostKept = 512;
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private readonly List<double> _kept = [];
    private long _seen;
    private long _stride = 1;

    public void Add(double value)
    {
        if (_seen++ % _stride != 0 || !double.IsFinite(value))
            return;
        _kept.Add(value);
        if (_kept.Count < MostKept)
            return;
        for (var i = 0; i < MostKept / 2; i++)
            _kept[i] = _kept[2 * i];
        _kept.RemoveRange(MostKept / 2, MostKept / 2);
        _stride *= 2;
    }

    /// <summary>The line, at most so many characters; empty for fewer than two values.</summary>
    public string Draw(int width)
    {
        if (_kept.Count < 2)
            return "";
        var (least, most) = (_kept.Min(), _kept.Max());
        var count = Math.Min(width, _kept.Count);
        return string.Create(count, (_kept, least, most), static (line, state) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                var value = state._kept[(int)((long)i * (state._kept.Count - 1) / Math.Max(1, line.Length - 1))];
                var share = state.most > state.least ? (value - state.least) / (state.most - state.least) : 0.5;
                line[i] = Blocks[Math.Clamp((int)(share * Blocks.Length), 0, Blocks.Length - 1)];
            }
        });
    }
}
