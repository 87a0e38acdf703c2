namespace Orchestrator.Tracking;

/// <summary>
/// What the trackers that write a file have in common: the file is opened at the start, flushed when nothing waits, closed at the
/// end. Writing is synchronous: to a local file it is a copy into the page cache, and the tracker's loop is on the thread pool anyway.
/// </summary>
internal abstract class FileTracker(TrackerContext context, string fileName) : ITracker
{
    private readonly bool _flush = context.Flag("flush", fallback: true);
    private TrackerFile? _file;

    protected TrackerContext Context { get; } = context;

    protected TrackerFile File => _file ?? throw new InvalidOperationException("The tracker was not started.");

    /// <summary>Values that were taken and are not in the file's buffer yet.</summary>
    protected virtual int Held => 0;

    public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
    {
        _file = Open(run, fileName);
        Start(run);
        _file.Flush(); // the header is there however the attempt ends
        return default;
    }

    public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        var (before, writes) = (AtRisk, File.Writes);
        try
        {
            Report(points.Span);
        }
        catch when (Lose(File.Writes == writes ? before : 0))
        {
            throw; // these values themselves were not taken: they are counted as such
        }

        return default;
    }

    public ValueTask NoteAsync(RunNote note, CancellationToken cancellationToken)
    {
        try
        {
            Note(note);
        }
        catch when (Lose(AtRisk))
        {
            throw;
        }

        return default;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_flush)
            WriteOut();
        return default;
    }

    public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
    {
        try
        {
            End(end);
        }
        catch when (Lose(AtRisk))
        {
            throw;
        }

        WriteOut();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        return default;
    }

    protected virtual TrackerFile Open(RunInfo run, string name) => TrackerFile.Create(run, name);

    protected abstract void Start(RunInfo run);

    protected abstract void Report(ReadOnlySpan<MetricPoint> points);

    /// <summary>Most files are tables of values, and pass notes over.</summary>
    protected virtual void Note(RunNote note)
    {
    }

    protected abstract void End(RunEnd end);

    private long AtRisk => File.Unwritten + Held;

    private void WriteOut()
    {
        try
        {
            File.Flush();
        }
        catch when (Lose(AtRisk))
        {
            throw;
        }
    }

    /// <summary>An exception filter: counts, and lets the exception go on with its stack.</summary>
    private bool Lose(long points)
    {
        Context.Lost(points, "could not write its file");
        return false;
    }
}
