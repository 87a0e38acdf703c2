using System.Buffers;
using System.Globalization;
using System.Text;
using Orchestrator.Execution;

namespace Orchestrator.Tracking;

/// <summary>
/// One attempt's part of the run's <c>run.log</c>: appended to, made when first written to, capped. Each text is written through
/// by one call, so that another process can follow the file and no line is torn. Safe for concurrent use; never throws: what cannot
/// be written is counted.
/// </summary>
internal sealed class RunLog(RunInfo run, long cap = RunResources.DefaultLog) : IRunLog, IDisposable
{
    public const string FileName = "run.log";

    private const int MostTailLines = 20;
    private const int LongestTailLine = 2_000;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new(MostTailLines);
    private FileStream? _file;
    private long _written;
    private bool _unopenable;
    private bool _capped;
    private bool _ended;

    /// <summary>Texts that came after the end.</summary>
    public long Late { get; private set; }

    /// <summary>Texts beyond the cap; the first of them may be there in part.</summary>
    public long Capped { get; private set; }

    /// <summary>Texts that could not be written (disk full, folder gone).</summary>
    public long Lost { get; private set; }

    /// <summary>Adds one or several lines; a line end is added.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            if (_ended)
            {
                Late++;
                return;
            }

            KeepTail(text);
            try
            {
                WriteThrough(text);
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                Lost++;
            }
        }
    }

    /// <summary>The last lines, also those that the file did not take; <see langword="null"/> if there was none.</summary>
    public string? Tail()
    {
        lock (_gate)
            return _tail.Count == 0 ? null : string.Join('\n', _tail);
    }

    /// <summary>Closes the file; later texts are dropped and counted.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _file?.Dispose();
            _file = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void KeepTail(ReadOnlySpan<char> text)
    {
        // Of much text only the end: who prints gigabytes shall not have a string made of every line.
        var before = text.Length;
        for (var i = 0; i < MostTailLines && before >= 0; i++)
            before = text[..before].LastIndexOf('\n');
        foreach (var line in text[(before + 1)..].EnumerateLines())
        {
            if (_tail.Count == MostTailLines)
                _tail.Dequeue();
            _tail.Enqueue((line.Length <= LongestTailLine ? line : line[..LongestTailLine]).ToString());
        }
    }

    private void WriteThrough(string text)
    {
        if (_capped)
        {
            Capped++;
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Utf8.GetMaxByteCount(text.Length + 1));
        try
        {
            var length = Utf8.GetBytes(text, buffer);
            buffer[length++] = (byte)'\n';
            if (_written + length <= cap)
            {
                Put(buffer.AsSpan(0, length));
                return;
            }

            _capped = true;
            Capped++;
            // Of several lines those that fit: what is read at once may be more than all that is allowed.
            Put(buffer.AsSpan(0, buffer.AsSpan(0, (int)(cap - _written)).LastIndexOf((byte)'\n') + 1));
            Put(Utf8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"--- the log of this attempt is capped at {cap} bytes; what follows is dropped ---\n")));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (_file is null)
            Open();
        _file!.Write(bytes);
        _written += bytes.Length;
    }

    private void Open()
    {
        // Trying again with every line would make a failing disk the run's business.
        if (_unopenable)
            throw new IOException("The log could not be opened.");
        _unopenable = true;
        var path = Path.Combine(run.Folder.Ensure(), FileName);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _unopenable = false;
        if (run.Attempt > 1)
            _file.Write(Utf8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"--- attempt {run.Attempt}, {Timestamps.Utc(run.StartedAt)}, {run.Worker} ---\n")));
    }
}
