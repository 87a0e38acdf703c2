using System.Text;

namespace Orchestrator.Cli.Progress;

/// <summary>
/// The last lines of a terminal, redrawn in place, with other lines printed above them. Each redraw is one write, in which every
/// line is at most as wide as the terminal: one that wraps would count twice on the way back up.
/// </summary>
internal sealed class LiveRegion(TextWriter terminal) : IDisposable
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearLine = "\e[K";
    private const string ClearBelow = "\e[J";

    private readonly Lock _gate = new();
    private int _height;
    private string _shown = "";
    private bool _isOpen = true;

    /// <summary>Shows these lines, below whatever is to be printed above. Writes nothing where nothing changes.</summary>
    public void Show(IReadOnlyList<string> lines, IReadOnlyList<string> above)
    {
        lock (_gate)
        {
            if (!_isOpen)
                return;
            var text = string.Join($"{ClearLine}\n", lines);
            if (above.Count == 0 && text == _shown)
                return;
            var frame = new StringBuilder(HideCursor);
            Return(frame);
            foreach (var line in above)
                frame.Append(line).Append(ClearLine).Append('\n');
            frame.Append(text).Append(ClearLine).Append('\n').Append(ClearBelow);
            terminal.Write(frame.ToString());
            terminal.Flush();
            (_shown, _height) = (text, lines.Count);
        }
    }

    /// <summary>Removes the region, prints the last lines and gives the cursor back.</summary>
    public void Close(IReadOnlyList<string> last)
    {
        lock (_gate)
        {
            if (!_isOpen)
                return;
            _isOpen = false;
            var frame = new StringBuilder();
            Return(frame);
            frame.Append(ClearBelow);
            foreach (var line in last)
                frame.Append(line).Append('\n');
            frame.Append(ShowCursor);
            terminal.Write(frame.ToString());
            terminal.Flush();
        }
    }

    public void Dispose() => Close([]);

    private void Return(StringBuilder frame)
    {
        if (_height > 0)
            frame.Append("\e[").Append(_height).Append('A');
        frame.Append('\r');
    }
}
