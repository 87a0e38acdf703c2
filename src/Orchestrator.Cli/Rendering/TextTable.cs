using System.Text;

namespace Orchestrator.Cli.Rendering;

/// <summary>
/// A plain table: aligned columns under a ruled header. Written as rows come, so that it may be endless: the widths follow from the
/// first rows. A table wider than the terminal has its widest text columns cut.
/// </summary>
internal sealed class TextTable(CliConsole console, params TextTable.Column[] columns)
{
    private const int MostMeasured = 200;
    private const int LeastWidth = 6;
    private const string Gap = "  ";

    private readonly List<string[]> _waiting = [];
    private readonly int? _limit = console.Width;
    private int[]? _widths;

    /// <param name="Header">The column's title.</param>
    /// <param name="IsNumber">Whether its cells stand on the right.</param>
    internal sealed record Column(string Header, bool IsNumber = false);

    public void Add(params string[] cells)
    {
        if (_widths is not null)
        {
            WriteRow(cells);
            return;
        }

        _waiting.Add(cells);
        if (_waiting.Count == MostMeasured)
            WriteWaiting();
    }

    /// <summary>Writes what was held back to measure it.</summary>
    public void End()
    {
        if (_widths is null)
            WriteWaiting();
    }

    private void WriteWaiting()
    {
        _widths = Fit();
        var header = Row(Array.ConvertAll(columns, c => c.Header)).TrimEnd();
        console.Out.WriteLine(console.HasColor ? $"\e[1m{header}\e[0m" : header);
        console.Out.WriteLine(string.Join(Gap, _widths.Select(w => new string('─', w))));
        foreach (var row in _waiting)
            WriteRow(row);
        _waiting.Clear();
    }

    private void WriteRow(string[] cells) => console.Out.WriteLine(Row(cells).TrimEnd());

    private string Row(string[] cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                line.Append(Gap);
            var cell = _limit is null ? cells[i] : Human.Shorten(cells[i], _widths![i]);
            line.Append(columns[i].IsNumber ? cell.PadLeft(_widths![i]) : cell.PadRight(_widths![i]));
        }

        return line.ToString();
    }

    private int[] Fit()
    {
        var widths = columns.Select((c, i) => _waiting.Select(r => r[i].Length).Append(c.Header.Length).Max()).ToArray();
        if (_limit is not { } most)
            return widths;
        var tooWide = widths.Sum() + (Gap.Length * (widths.Length - 1)) - most;
        while (tooWide > 0)
        {
            var widest = Enumerable.Range(0, widths.Length).MaxBy(i => (widths[i], !columns[i].IsNumber));
            if (widths[widest] <= LeastWidth)
                break;
            widths[widest]--;
            tooWide--;
        }

        return widths;
    }
}
