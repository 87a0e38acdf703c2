using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Orchestrator.Telemetry;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>What spans and metrics cost a run of one attempt and ten reports: while nobody listens, and while somebody does.</summary>
public class TelemetryBenchmarks : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunInfo _run = new()
    {
        Id = "S/000001", Name = "calm-otter-101", SweepId = "S", SweepName = "sweep", Project = "Default", Number = 1, Proposal = 1, Replicate = 0,
        Seed = 7, Attempt = 1, Parameters = new ParameterSet([]), Worker = "worker-1", Device = "cpu", StartedAt = Start,
        Folder = new RunFolder("nowhere", new ParameterSet([])),
    };

    private ActivityListener? _activities;
    private MeterListener? _meters;

    [Params(false, true)]
    public bool Listening { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        if (!Listening)
            return;
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == OrchestratorTelemetry.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters = new MeterListener { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _meters.Start();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _activities?.Dispose();
        _meters?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void RunOfOneAttempt()
    {
        RunMeters.Queued();
        RunMeters.Taken();
        var run = RunSpans.StartRun(_run, null);
        RunMeters.AttemptBegan();
        var attempt = RunSpans.StartAttempt(_run, run);
        for (var report = 0; report < 10; report++)
            RunMeters.Reported(1);
        RunMeters.AttemptEnded(_run, RunState.Completed, null, Start);
        RunSpans.End(attempt, RunState.Completed, null, Start);
        RunSpans.End(run, RunState.Completed, null, Start);
        RunMeters.RunEnded(RunState.Completed);
    }
}
