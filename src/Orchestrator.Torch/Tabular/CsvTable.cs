using System.IO.Compression;
using System.Text;

namespace Orchestrator.Torch.Tabular;

/// <summary>A CSV file (RFC 4180; gzip, too) as texts: its columns' names and its rows.</summary>
internal sealed class CsvTable
{
    private const int MostNames = 30;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<int> _lines;

    private CsvTable(string path, string[] columns, List<string[]> rows, List<int> lines) => (Path, Columns, Rows, _lines) = (path, columns, rows, lines);

    /// <summary>Where it was found.</summary>
    public string Path { get; }

    /// <summary>The names; <c>column1</c> and so on where the file has no header.</summary>
    public string[] Columns { get; }

    /// <summary>The rows, each as long as <see cref="Columns"/>.</summary>
    public List<string[]> Rows { get; }

    /// <summary>Where a row stands: the file and the line on which it begins.</summary>
    public string PlaceOf(int row) => $"{Path}({_lines[row]})";

    /// <summary>A field without the blanks around it.</summary>
    public string Field(int row, int column) => Rows[row][column].Trim();

    /// <summary>The names in a sentence: all, or the first of many.</summary>
    public string ColumnsInWords() => Columns.Length <= MostNames
        ? string.Join(", ", Columns)
        : $"{string.Join(", ", Columns.Take(MostNames))} and {Columns.Length - MostNames} more";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A relative one is looked for in the current folder, then beside the program.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names each place.</exception>
    /// <exception cref="InvalidDataException">
    /// A row has another number of fields, a quote is not closed, a name stands twice, there are no rows, or it is no text in UTF-8 (or what its first bytes say).
    /// </exception>
    public static CsvTable Read(string path, bool hasHeader)
    {
        string[] places = [.. new[] { System.IO.Path.GetFullPath(path), System.IO.Path.GetFullPath(path, AppContext.BaseDirectory) }.Distinct()];
        var found = places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The table '{path}' was not found; looked for {string.Join(" and ", places)}.", places[0]);
        using var file = Open(found);
        using var reader = new StreamReader(file, Utf8);
        try
        {
            return Read(found, reader, hasHeader);
        }
        catch (DecoderFallbackException cause)
        {
            throw new InvalidDataException($"{found} is no text in UTF-8: save it as that.", cause);
        }
    }

    internal static CsvTable Read(string path, TextReader reader, bool hasHeader)
    {
        string[]? columns = null;
        var (rows, lines) = (new List<string[]>(), new List<int>());
        foreach (var (line, fields) in Records(path, reader))
        {
            if (columns is null)
            {
                columns = hasHeader ? [.. fields.Select(f => f.Trim())] : [.. fields.Select((_, i) => $"column{i + 1}")];
                if (columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
                    throw new InvalidDataException($"{path}: the column '{twice.Key}' stands twice; is the first line a header?");
                if (hasHeader)
                    continue;
            }

            if (fields.Length != columns.Length)
                throw new InvalidDataException($"{path}({line}): {columns.Length} fields are expected, got {fields.Length}.");
            rows.Add(fields);
            lines.Add(line);
        }

        return rows.Count > 0
            ? new CsvTable(path, columns!, rows, lines)
            : throw new InvalidDataException(columns is null ? $"{path} is empty." : $"{path} has a header and no rows.");
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!isGzip)
            return file;
        using (file)
        {
            var text = new MemoryStream();
            try
            {
                using var gzip = new GZipStream(file, CompressionMode.Decompress);
                gzip.CopyTo(text);
            }
            catch (InvalidDataException cause)
            {
                throw new InvalidDataException($"{path} is no whole gzip file: {cause.Message}", cause);
            }

            text.Position = 0;
            return text;
        }
    }

    private static IEnumerable<(int Line, string[] Fields)> Records(string path, TextReader reader)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (text.Length == 0 && fields.Count == 0)
                continue;
            var start = line;
            var isQuoted = false;
            for (var i = 0; ; i++)
            {
                if (i == text.Length)
                {
                    if (!isQuoted)
                        break;
                    text = reader.ReadLine() ?? throw new InvalidDataException($"{path}({start}): a quote is not closed.");
                    line++;
                    field.Append('\n');
                    i = -1;
                    continue;
                }

                var c = text[i];
                if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else if (c == '"' && (isQuoted || field.Length == 0))
                    isQuoted = !isQuoted;
                else if (c == ',' && !isQuoted)
                    Next();
                else
                    field.Append(c);
            }

            Next();
            yield return (start, [.. fields]);
            fields.Clear();
        }

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
