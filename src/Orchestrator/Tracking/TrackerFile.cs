using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orchestrator.Tracking;

/// <summary>
/// A tracker's file in the run's folder. Whole lines are buffered and written by one call, so that a kill leaves no half line.
/// Each attempt has a file of its own: <c>metrics.csv</c>, <c>metrics.attempt-2.csv</c>.
/// </summary>
internal sealed class TrackerFile : IDisposable
{
    private const int MostBuffered = 32 * 1024;
    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\\0");

    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _lines = new(4 * 1024);
    private FileStream _stream;

    private TrackerFile(string path)
    {
        _path = path;
        // An attempt whose beginning was never stored (a kill came first) is made again under its number: its file is begun anew.
        _stream = Open(path);
    }

    /// <summary>How many values are buffered.</summary>
    public long Unwritten { get; private set; }

    /// <summary>How often the buffer was written.</summary>
    public long Writes { get; private set; }

    /// <summary>Where lines are put, line ends included.</summary>
    public IBufferWriter<byte> Lines => _lines;

    public static TrackerFile Create(string path) => new(path);

    public static TrackerFile Create(RunInfo run, string name) => new(Path.Combine(run.Folder.Ensure(), NameFor(name, run.Attempt)));

    /// <summary>The file name that a tracker's options ask for.</summary>
    /// <exception cref="ArgumentException">It is not the name of a file in the run's folder.</exception>
    public static string NameIn(TrackerContext context, string fallback)
    {
        var name = context.Text("file", fallback);
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny(Separators))
            throw new ArgumentException(
                $"The option 'file' of tracker '{context.Tracker}' names a file in the run's folder, without a path; got '{name}'.");
        return name;
    }

    public static string NameFor(string name, int attempt) => attempt == 1
        ? name
        : string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(name)}.attempt-{attempt}{Path.GetExtension(name)}");

    public void Put(string text) => Encoding.UTF8.GetBytes(text, _lines);

    /// <summary>Called after whole lines: writes them if they are many.</summary>
    /// <param name="points">How many values the lines hold.</param>
    public void Checkpoint(int points)
    {
        Unwritten += points;
        if (_lines.WrittenCount >= MostBuffered)
            Flush();
    }

    /// <summary>Writes what is buffered.</summary>
    public void Flush()
    {
        if (_lines.WrittenCount == 0)
            return;
        WriteTo(_stream);
        Unwritten = 0;
        Writes++;
    }

    /// <summary>Writes a CSV file anew under another header, its rows with more columns; readers see the old file or the new one.</summary>
    /// <param name="header">The new header, with its line end.</param>
    /// <param name="oldHeaderBytes">The length of the old one, with its line end.</param>
    /// <param name="columns">How many columns every row gets, empty.</param>
    public void Rewrite(string header, int oldHeaderBytes, int columns)
    {
        Flush();
        Put(header);
        var end = new string(',', columns) + "\n";
        var next = Open(_path + ".tmp");
        try
        {
            using (var old = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
                CopyRows(old, oldHeaderBytes, end, next);
            File.Move(_path + ".tmp", _path, overwrite: true);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _stream.Dispose();
        _stream = next;
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream Open(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private void CopyRows(FileStream old, int from, string lineEnd, FileStream next)
    {
        old.Position = from;
        using var rows = new StreamReader(old, Encoding.UTF8);
        while (rows.ReadLine() is { } row)
        {
            Put(row);
            Put(lineEnd);
            if (_lines.WrittenCount >= MostBuffered)
                WriteTo(next);
        }

        WriteTo(next);
    }

    private void WriteTo(FileStream stream)
    {
        stream.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}
