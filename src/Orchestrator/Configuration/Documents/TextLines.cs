namespace Orchestrator.Configuration;

/// <summary>Turns an index into a text into line and column. A line ends with LF, CR LF or CR.</summary>
internal sealed class TextLines
{
    private readonly string _file;
    private readonly int _length;
    private readonly List<int> _starts = [0];

    public TextLines(string file, string text)
    {
        (_file, _length) = (file, text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                _starts.Add(i + 1);
        }
    }

    /// <summary>The place of the character at an index; an index beyond the end counts as the end.</summary>
    public Place At(int index)
    {
        index = Math.Clamp(index, 0, _length);
        var line = _starts.BinarySearch(index);
        if (line < 0)
            line = ~line - 1;
        return new Place(_file, line + 1, index - _starts[line] + 1);
    }
}
