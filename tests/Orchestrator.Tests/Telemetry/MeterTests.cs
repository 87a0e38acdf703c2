using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchestrator.Tests.Architecture;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Telemetry;

[Collection(nameof(TelemetryAlone))]
public sealed class MeterTests : IDisposable
{
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _measured = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();
    private readonly MeterListener _listener = new();

    public MeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != OrchestratorTelemetry.MeterName)
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Sweep_OfRunsThatEndInManyWays_IsCounted()
    {
        var bench = new SweepBench(configure: b => b.AddTracker("bad", _ => throw new IOException("no")));
        _listener.RecordObservableInstruments();
        var before = (Waiting: Last("orchestrator.runs.waiting"), Running: Last("orchestrator.runs.running"), Slots: Last("orchestrator.slots"));
        double seen = 0;
        await bench.RunAsync(
            SweepBench.Definition(6, d => (d.Retry.MaxAttempts, d.Trackers) = (2, ["bad"])),
            async (run, cancellation) =>
            {
                if (run.Info.Number == 5)
                {
                    _listener.RecordObservableInstruments();
                    seen = Last("orchestrator.runs.running");
                }

                if (run.Info.Number < 2)
                    throw new InvalidOperationException("always");
                await Support.TestRuns.Report(run, cancellation);
            },
            workers: 1);
        _listener.RecordObservableInstruments();

        Assert.Equal([("orchestrator.run.state=completed", 4.0), ("orchestrator.run.state=failed", 2)], Sums("orchestrator.runs"));
        Assert.Equal([("orchestrator.run.state=completed", 4.0), ("orchestrator.run.state=failed error.type=exception", 4)], Sums("orchestrator.attempts"));
        Assert.Equal([("", 4.0)], Sums("orchestrator.reports"));
        Assert.Equal([("orchestrator.tracker=bad", 8.0)], Sums("orchestrator.tracker.failures"));
        Assert.Equal([("orchestrator.tracker=bad", 4.0)], Sums("orchestrator.tracker.losses"));
        Assert.Equal(8, _measured.Count(m => m.Instrument == "orchestrator.attempt.duration" && m.Value is >= 0 and < 300));
        Assert.Equal(before.Running + 1, seen);
        Assert.Equal((before.Waiting, before.Running, before.Slots + 1), (Last("orchestrator.runs.waiting"), Last("orchestrator.runs.running"), Last("orchestrator.slots")));
        await bench.DisposeAsync();
        _listener.RecordObservableInstruments();
        Assert.Equal(before.Slots, Last("orchestrator.slots"));
    }

    [Fact]
    public async Task Tags_OfTwoSweeps_AreTheSame()
    {
        await using var bench = new SweepBench();
        await bench.RunAsync(SweepBench.Definition(5), Support.TestRuns.Report);
        var once = _measured.Select(m => (m.Instrument, m.Tags)).Distinct().Count();
        await bench.RunAsync(SweepBench.Definition(50), Support.TestRuns.Report);
        Assert.Equal(once, _measured.Select(m => (m.Instrument, m.Tags)).Distinct().Count()); // nothing grows with the number of runs
    }

    [Fact]
    public async Task Documentation_NamesEveryMetricWithItsUnit()
    {
        await using var bench = new SweepBench();
        await bench.RunAsync(SweepBench.Definition(1), Support.TestRuns.Report);
        var documentation = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        Assert.Equal(9, _instruments.Count);
        Assert.All(_instruments.Values, instrument => Assert.Contains($"| `{instrument.Name}` | `{instrument.Unit}` |", documentation, StringComparison.Ordinal));
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new List<string>();
        foreach (var (key, tag) in tags)
            text.Add($"{key}={tag}");
        _measured.Enqueue((instrument.Name, value, string.Join(' ', text)));
    }

    private double Last(string instrument) => _measured.Last(m => m.Instrument == instrument).Value;

    private IEnumerable<(string, double)> Sums(string instrument) => _measured.Where(m => m.Instrument == instrument)
        .GroupBy(m => m.Tags).Select(group => (group.Key, group.Sum(m => m.Value))).OrderBy(sum => sum.Key, StringComparer.Ordinal);
}
