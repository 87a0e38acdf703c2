using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Orchestrator.Tests.Architecture;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Telemetry;

[Collection(nameof(TelemetryAlone))]
public sealed class SpanTests : IDisposable
{
    private static readonly ActivitySource Users = new("Tests.Users");

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is OrchestratorTelemetry.SourceName or "Tests.Users",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Sweep_RunsAttemptsAndTasks_AreOneTree()
    {
        await using var bench = new SweepBench();
        var failed = 0;
        var result = await bench.RunAsync(
            SweepBench.Definition(3, d => d.Retry.MaxAttempts = 2),
            async (run, cancellation) =>
            {
                Assert.Equal(("attempt", run.Id), (Activity.Current!.OperationName, Activity.Current.GetTagItem("orchestrator.run.id")));
                await Task.Yield();
                using (Users.StartActivity("mine"))
                    await Task.Yield();
                using (var task = run.StartTask("validation"))
                    task.LogMetric("loss", 1);
                if (run.Info.Number == 1 && Interlocked.Exchange(ref failed, 1) == 0)
                    throw new InvalidOperationException("first time");
                await Support.TestRuns.Report(run, cancellation);
            });

        var sweep = Assert.Single(_ended, span => span.OperationName == "sweep test");
        Assert.Equal((result.Id, "completed"), (sweep.GetTagItem("orchestrator.sweep.id"), sweep.GetTagItem("orchestrator.sweep.state")));
        Assert.Equal((ActivityIdFormat.W3C, default), (sweep.IdFormat, sweep.ParentSpanId));
        Assert.All(_ended, span => Assert.Equal(sweep.TraceId, span.TraceId));
        var runs = Named("run");
        Assert.Equal(3, runs.Length);
        Assert.All(runs, run => Assert.Equal((sweep.SpanId, "completed", ActivityStatusCode.Ok), (run.ParentSpanId, run.GetTagItem("orchestrator.run.state"), run.Status)));
        var attempts = Named("attempt");
        Assert.Equal(4, attempts.Length);
        Assert.All(attempts, attempt => Assert.Contains(runs, run => run.SpanId == attempt.ParentSpanId && Equals(run.GetTagItem("orchestrator.run.id"), attempt.GetTagItem("orchestrator.run.id"))));
        foreach (var inner in (string[])["task validation", "mine"])
        {
            Assert.Equal(4, Named(inner).Length);
            Assert.All(Named(inner), span => Assert.Contains(attempts, attempt => attempt.SpanId == span.ParentSpanId));
        }

        var bad = Assert.Single(attempts, attempt => attempt.Status == ActivityStatusCode.Error);
        Assert.Equal(("exception", "first time", "failed"), (bad.GetTagItem("error.type"), bad.StatusDescription, bad.GetTagItem("orchestrator.run.state")));
        Assert.Contains("System.InvalidOperationException", Assert.Single(bad.Events).Tags.Select(tag => tag.Value));
        Assert.All(_ended, span => Assert.True(span.Duration >= TimeSpan.Zero && span.Duration < TimeSpan.FromMinutes(5), $"{span.OperationName} {span.Duration}"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task Sweep_StartedInAnActivity_IsItsChild()
    {
        await using var bench = new SweepBench();
        using var request = Users.StartActivity("request");
        await bench.RunAsync(SweepBench.Definition(1), Support.TestRuns.Report);
        Assert.Same(request, Activity.Current);
        Assert.Equal(request!.SpanId, Assert.Single(Named("sweep test")).ParentSpanId);
    }

    [Fact]
    public async Task Sweep_ThatIsNotSampled_BringsNoRuns()
    {
        _listener.Dispose();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == OrchestratorTelemetry.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == default ? ActivitySamplingResult.PropagationData
                : options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var bench = new SweepBench();
        await bench.RunAsync(SweepBench.Definition(5), Support.TestRuns.Report);
        Assert.Equal(["sweep test"], _ended.Select(span => span.OperationName));
    }

    [Fact]
    public async Task HeldRun_HasItsRunAndItsAttempt()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-span-").FullName;
        using (var request = Users.StartActivity("request"))
        {
            await using var experiment = new Experiment<Nothing>(new Nothing(), new ExperimentOptions { Home = home });
            await experiment.RunAsync(run =>
            {
                run.LogMetric("loss", 1);
                return Task.CompletedTask;
            });
            var held = Assert.Single(Named("run"));
            Assert.Equal((request!.SpanId, "completed"), (held.ParentSpanId, held.GetTagItem("orchestrator.run.state")));
            Assert.Equal(held.SpanId, Assert.Single(Named("attempt")).ParentSpanId);
        }

        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task NobodyListens_NoActivityIsMade()
    {
        _listener.Dispose();
        await using var bench = new SweepBench();
        Activity? seen = null;
        await bench.RunAsync(SweepBench.Definition(2), (run, cancellation) =>
        {
            seen ??= Activity.Current;
            return Support.TestRuns.Report(run, cancellation);
        });
        Assert.Null(seen);
    }

    [Fact]
    public async Task Documentation_NamesEverySpanAndTag()
    {
        await Sweep_RunsAttemptsAndTasks_AreOneTree();
        var documented = Regex.Matches(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md")), "`([a-z_.]+)").Select(match => match.Groups[1].Value).ToHashSet();
        var said = _ended.Where(span => span.Source.Name == OrchestratorTelemetry.SourceName)
            .SelectMany(span => span.TagObjects.Select(tag => tag.Key).Append(span.OperationName.Split(' ')[0]));
        Assert.Subset(documented, said.ToHashSet());
    }

    private sealed record Nothing;

    private Activity[] Named(string name) => [.. _ended.Where(span => span.OperationName == name)];
}
