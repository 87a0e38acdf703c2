namespace Orchestrator.Tracking;

/// <summary>
/// What the trackers that write a file have in common: the file is opened at the start, flushed when nothing waits, closed at the
/// end. Writing is synchronous: to a local file it is a copy into the page cache, and the tracker's loop is on the thread pool anyway.
/// </summary>
internal abstract class FileTracker(string fileName, bool flush) : ITracker
{
    private TrackerFile? _file;

    protected TrackerFile File => _file ?? throw new InvalidOperationException("The tracker was not started.");

    public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
    {
        _file = TrackerFile.Create(run, fileName);
        Start(run);
        _file.Flush(); // the header is there however the attempt ends
        return default;
    }

    public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        Report(points.Span);
        return default;
    }

    public ValueTask NoteAsync(RunNote note, CancellationToken cancellationToken)
    {
        Note(note);
        return default;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (flush)
            File.Flush();
        return default;
    }

    public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
    {
        End(end);
        File.Flush();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        return default;
    }

    protected abstract void Start(RunInfo run);

    protected abstract void Report(ReadOnlySpan<MetricPoint> points);

    /// <summary>Most files are tables of values, and pass notes over.</summary>
    protected virtual void Note(RunNote note)
    {
    }

    protected abstract void End(RunEnd end);
}
