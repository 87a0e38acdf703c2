using System.Diagnostics.Metrics;
using Orchestrator.Configuration;

namespace Orchestrator.Telemetry;

/// <summary>
/// The metrics of this process. No tag has a value for each run or sweep: whoever keeps them would drown. Counting is an interlocked
/// addition; nobody listens: the instruments do nothing.
/// </summary>
internal static class RunMeters
{
    private static readonly Meter Meter = new(OrchestratorTelemetry.MeterName, typeof(RunMeters).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Runs = Meter.CreateCounter<long>(
        "orchestrator.runs", "{run}", "Runs that have ended.");

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "orchestrator.attempts", "{attempt}", "Attempts that have ended.");

    private static readonly Histogram<double> AttemptDuration = Meter.CreateHistogram<double>(
        "orchestrator.attempt.duration", "s", "How long attempts took.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400],
        });

    private static readonly Counter<long> Values = Meter.CreateCounter<long>(
        "orchestrator.reports", "{value}", "Values that runs have reported.");

    private static readonly Counter<long> TrackerLosses = Meter.CreateCounter<long>(
        "orchestrator.tracker.losses", "{value}", "Values that trackers have lost.");

    private static readonly Counter<long> TrackerFailures = Meter.CreateCounter<long>(
        "orchestrator.tracker.failures", "{attempt}", "Attempts of which a tracker has lost something.");

    private static int Waiting, Running, Slots;

    static RunMeters()
    {
        Meter.CreateObservableUpDownCounter("orchestrator.runs.waiting", static () => Volatile.Read(ref Waiting), "{run}", "Runs that wait for a worker.");
        Meter.CreateObservableUpDownCounter("orchestrator.runs.running", static () => Volatile.Read(ref Running), "{run}", "Runs that are being executed.");
        Meter.CreateObservableUpDownCounter("orchestrator.slots", static () => Volatile.Read(ref Slots), "{slot}", "Workers of this process, busy or free.");
    }

    public static void Queued() => Interlocked.Increment(ref Waiting);

    public static void Taken(int count = 1) => Interlocked.Add(ref Waiting, -count);

    public static void SlotsAdded(int count) => Interlocked.Add(ref Slots, count);

    public static void AttemptBegan() => Interlocked.Increment(ref Running);

    /// <summary>The orchestrator itself failed at an attempt: nothing came of it.</summary>
    public static void AttemptFaulted() => Interlocked.Decrement(ref Running);

    public static void AttemptEnded(RunInfo run, RunState outcome, RunFailure? failure, DateTimeOffset at)
    {
        Interlocked.Decrement(ref Running);
        if (!Attempts.Enabled && !AttemptDuration.Enabled)
            return;
        var state = new KeyValuePair<string, object?>("orchestrator.run.state", Words.Of(outcome));
        if (failure is null)
            Attempts.Add(1, state);
        else
            Attempts.Add(1, state, new KeyValuePair<string, object?>("error.type", Words.Of(failure.Kind)));
        AttemptDuration.Record(Math.Max(0, (at - run.StartedAt).TotalSeconds), state);
    }

    public static void RunEnded(RunState state)
    {
        if (Runs.Enabled)
            Runs.Add(1, new KeyValuePair<string, object?>("orchestrator.run.state", Words.Of(state)));
    }

    public static void Reported(int values) => Values.Add(values);

    public static void TrackerLost(string tracker, long values)
    {
        var tag = new KeyValuePair<string, object?>("orchestrator.tracker", tracker);
        TrackerFailures.Add(1, tag);
        if (values > 0)
            TrackerLosses.Add(values, tag);
    }
}
