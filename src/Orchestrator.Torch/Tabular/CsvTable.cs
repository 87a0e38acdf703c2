using System.IO.Compression;
using System.Text;

namespace Orchestrator.Torch.Tabular;

/// <summary>A CSV file (RFC 4180; gzip, too) as texts: its columns' names and its rows.</summary>
internal sealed class CsvTable
{
    private CsvTable(string path, string[] columns, List<string[]> rows) => (Path, Columns, Rows) = (path, columns, rows);

    /// <summary>Where it was found.</summary>
    public string Path { get; }

    /// <summary>The names; <c>column1</c> and so on where the file has no header.</summary>
    public string[] Columns { get; }

    /// <summary>The rows, each as long as <see cref="Columns"/>.</summary>
    public List<string[]> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A relative one is looked for in the current folder, then beside the program.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names each place.</exception>
    /// <exception cref="InvalidDataException">A row has another number of fields, a quote is not closed, a name stands twice, or there are no rows.</exception>
    public static CsvTable Read(string path, bool hasHeader)
    {
        string[] places = [.. new[] { System.IO.Path.GetFullPath(path), System.IO.Path.GetFullPath(path, AppContext.BaseDirectory) }.Distinct()];
        var found = places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"The table '{path}' was not found; looked for {string.Join(" and ", places)}.", places[0]);
        using var file = File.OpenRead(found);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using var reader = new StreamReader(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        return Read(found, reader, hasHeader);
    }

    internal static CsvTable Read(string path, TextReader reader, bool hasHeader)
    {
        string[]? columns = null;
        var rows = new List<string[]>();
        var number = 0;
        foreach (var fields in Lines(path, reader))
        {
            number++;
            if (columns is null)
            {
                columns = hasHeader ? [.. fields.Select(f => f.Trim())] : [.. fields.Select((_, i) => $"column{i + 1}")];
                if (columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
                    throw new InvalidDataException($"{path}: the column '{twice.Key}' stands twice; is the first line a header?");
                if (hasHeader)
                    continue;
            }

            if (fields.Length != columns.Length)
                throw new InvalidDataException($"{path}, record {number}: {columns.Length} fields are expected, got {fields.Length}.");
            rows.Add(fields);
        }

        return rows.Count > 0 ? new CsvTable(path, columns!, rows) : throw new InvalidDataException($"{path} has no rows.");
    }

    private static IEnumerable<string[]> Lines(string path, TextReader reader)
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
            yield return [.. fields];
            fields.Clear();
        }

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
