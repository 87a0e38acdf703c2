namespace Orchestrator.Tracking;

/// <summary>The trackers of one attempt, each with a pump of its own.</summary>
internal sealed class RunTracking(TrackerPump[] pumps, UnfinishedTrackers unfinished) : IRunTracking
{
    private int _ended;

    public Task Finished => Task.WhenAll(pumps.Select(p => p.Finished));

    public void Report(ReadOnlyMemory<MetricPoint> points)
    {
        if (points.IsEmpty)
            return;
        foreach (var pump in pumps)
            pump.Report(points);
    }

    public void Note(RunNote note)
    {
        foreach (var pump in pumps)
            pump.Note(note);
    }

    public void End(RunEnd end)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        foreach (var pump in pumps)
        {
            unfinished.Add(pump);
            pump.End(end);
        }
    }
}
