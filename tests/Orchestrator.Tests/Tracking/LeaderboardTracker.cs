// docs/trackers.md shows what stands between the two lines; a test compares them.
#pragma warning disable CA1050 // as in a program of one file
// <sample>
using Orchestrator;
using Orchestrator.Tracking;

public sealed class LeaderboardTracker(TrackerContext context) : ITracker
{
    private static readonly Lock Gate = new();
    private readonly string _file = context.Text("file", "leaderboard.csv");
    private long _values;

    public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
    {
        _values += points.Length;
        return default;
    }

    public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
    {
        lock (Gate)
            File.AppendAllText(_file, FormattableString.Invariant($"{context.Run.Name},{end.State},{end.Objective},{_values}\n"));
        return default;
    }
}
// </sample>
