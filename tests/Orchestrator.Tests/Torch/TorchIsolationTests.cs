using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using Orchestrator.Tracking;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>Promises 10, 11 and 17 for runs with TorchSharp: each has a DI scope, a model, generators and a tracker of its own, one after the other and side by side.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchIsolationTests
{
    private const int Runs = 6;

    [Theory]
    [InlineData("alone", 1)]
    [InlineData("alone", 3)]
    [InlineData("sharing", 3)]
    public async Task Runs_OfASweep_ShareNothingThatOneCouldChangeForAnother(string trainable, int workers)
    {
        var seen = new Seen();
        await using var bench = TorchBench.New(builder =>
        {
            builder.Services.AddSingleton(seen).AddScoped<Scoped>();
            builder.AddTrainable<Alone>("alone").AddTrainable<Sharing>("sharing").AddTracker("mine", run => new Tracker(run.Run.Id, seen));
        });
        var definition = TorchBench.Seeds(trainable, Runs);
        definition.Trackers = [new TrackerReference("mine")];

        var result = await Sweep.RunAsync(definition, bench.Services, new SweepOptions { Workers = workers });

        var runs = await result.AllAsync();
        Assert.All(runs, run => Assert.True(run.State == RunState.Completed, run.Failure?.Message));
        Assert.Equal(Runs, seen.Objects.Count);
        Assert.Equal(Runs, seen.Objects.Select(o => o.Scoped).Distinct().Count());
        Assert.All(seen.Objects, o => Assert.True(o.Scoped.IsDisposed));
        Assert.Equal(Runs, seen.Objects.Select(o => o.Generator).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(Runs, seen.Objects.Select(o => o.Model).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(runs.Select(r => r.Id).Order(), seen.Trackers.Select(t => t.Run).Order());
        Assert.All(seen.Trackers, tracker => Assert.Equal(runs.Single(r => r.Id == tracker.Run).Metrics["trainLoss"], tracker.Last));
    }

    private sealed class Seen
    {
        public ConcurrentBag<(Scoped Scoped, object Generator, object Model)> Objects { get; } = [];

        public ConcurrentBag<Tracker> Trackers { get; } = [];
    }

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private class Alone(TorchRun torch, Scoped scoped, Seen seen) : LineModel(torch)
    {
        protected override void Train(CancellationToken cancellationToken)
        {
            base.Train(cancellationToken);
            seen.Objects.Add((scoped, Torch.Generator, Model));
        }
    }

    private sealed class Sharing : Alone
    {
        public Sharing(TorchRun torch, Scoped scoped, Seen seen)
            : base(torch, scoped, seen) => torch.SharesProcess = true;

        protected override nn.Module<Tensor, Tensor> CreateModel() => nn.Sequential(("first", nn.Linear(4, 1)));
    }

    private sealed class Tracker : ITracker
    {
        public Tracker(string run, Seen seen)
        {
            Run = run;
            seen.Trackers.Add(this);
        }

        public string Run { get; }

        public double Last { get; private set; }

        public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
        {
            foreach (var point in points.Span)
            {
                if (point.Metric == "trainLoss")
                    Last = point.Value;
            }

            return default;
        }
    }
}
