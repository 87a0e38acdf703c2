using System.Net;
using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Storage;
using Orchestrator.Web.Jobs;

namespace Orchestrator.Tests.Web.Dashboard;

public sealed class SweepCommandTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DashboardBench? _bench;

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [Fact]
    public async Task Commands_ToARunningSweep_AreFollowedAndAnswered()
    {
        var id = await SubmitAsync();
        Assert.Contains("sweeps/" + id + "/pause", await _bench!.ReadAsync("sweeps/" + id), StringComparison.Ordinal);

        var (status, page) = await _bench.PostAsync($"sweeps/{id}/pause");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("<div class=\"alert alert-success\" role=\"status\">", page, StringComparison.Ordinal);
        Assert.Contains($"data-live-url=\"/hangfire/sweeps/{id}\"", page, StringComparison.Ordinal);
        Assert.Equal(SweepState.Paused, (await _bench.Sweeps.FindAsync(id))!.State);
        Assert.DoesNotContain("/pause\"", page, StringComparison.Ordinal);
        Assert.Contains("/continue\"", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await _bench.PostAsync($"sweeps/{id}/continue?fragment=1")).Status);
        Assert.Equal(SweepState.Running, (await _bench.Sweeps.FindAsync(id))!.State);
        Assert.Equal(HttpStatusCode.OK, (await _bench.PostAsync($"sweeps/{id}/cancel")).Status);
        Assert.Equal(SweepState.Stopped, (await _bench.Sweeps.WaitAsync(id)).State);

        _gate.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await _bench.PostAsync($"sweeps/{id}/resume")).Status);
        Assert.Equal(SweepState.Completed, (await _bench.Sweeps.WaitAsync(id)).State);
        (status, page) = await _bench.PostAsync($"sweeps/{id}/pause");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Matches("alert alert-warning\" role=\"status\">Sweep .* is not being executed: it is completed\\.", page);
    }

    [Fact]
    public async Task Retry_OfAnEndedSweep_RunsWhatFailedAgain()
    {
        var fails = true;
        _bench = await DashboardBench.StartAsync(configure: o => o.AddTrainable("job", async (run, token) =>
        {
            if (fails)
                throw new InvalidOperationException("not yet");
            await run.ReportAsync(0, ("loss", 1), token);
        }));
        var id = (await _bench.Sweeps.SubmitAsync(Definition(2))).Id;
        await _bench.Sweeps.WaitAsync(id);
        fails = false;

        var (status, page) = await _bench.PostAsync($"sweeps/{id}/retry");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("2 failed runs are queued again.", page, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.Sweeps.WaitAsync(id)).Counts.Completed);
    }

    [Fact]
    public async Task Command_WithoutTokenOrByGet_ChangesNothing()
    {
        var id = await SubmitAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await _bench!.PostAsync($"sweeps/{id}/pause", withToken: false)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _bench.GetAsync($"sweeps/{id}/pause")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _bench.PostAsync($"sweeps/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bench.PostAsync("sweeps/nothing/pause")).Status);
        Assert.Equal(SweepState.Running, (await _bench.Sweeps.FindAsync(id))!.State);
    }

    [Fact]
    public async Task Command_ToAReadOnlyDashboard_IsNeitherOfferedNorFollowed()
    {
        var id = await SubmitAsync(isReadOnly: true);

        Assert.DoesNotContain("<form method=\"post\"", await _bench!.ReadAsync("sweeps") + await _bench.ReadAsync("sweeps/" + id), StringComparison.Ordinal);
        var (status, page) = await _bench.PostAsync($"sweeps/{id}/cancel");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("read-only", page, StringComparison.Ordinal);
        Assert.Equal(SweepState.Running, (await _bench.Sweeps.FindAsync(id))!.State);
    }

    [Fact]
    public async Task JobPage_OfASweep_ShowsItsProgress()
    {
        _bench = await DashboardBench.StartAsync();
        var store = await _bench.StoreAsync();
        var key = await store.CreateSweepAsync(StoreBuilders.Sweep() with { PlannedRuns = 4, State = SweepState.Stopped });
        await store.RunAsync(key, 0, objective: 0.25);
        var storage = _bench.Services.GetRequiredService<JobStorage>();
        string JobOf(string sweep) => new BackgroundJobClient(storage).Create(
            Job.FromExpression<SweepJob>(one => one.ExecuteAsync(sweep, null, CancellationToken.None)), new Hangfire.States.EnqueuedState("sweeps"));

        var page = await _bench.ReadAsync("jobs/details/" + JobOf("s1"));

        Assert.Contains("data-live-url=\"/hangfire/sweeps/s1/card\"", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1 of 4 runs</strong>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/hangfire/sweeps/s1/runs/0\"><strong>0.25</strong>", page, StringComparison.Ordinal);
        Assert.Contains("has been removed", await _bench.ReadAsync("jobs/details/" + JobOf("gone")), StringComparison.Ordinal);
    }

    private static SweepDefinition Definition(long runs) => new()
    {
        Name = "steered",
        Method = "random",
        Metric = Metric.Minimize("loss"),
        Trainable = new("job"),
        Parameters = { ["x"] = Parameter.Float(0.0, 1.0) },
        Limits = { MaxRuns = runs },
    };

    /// <summary>A sweep whose runs wait for the gate; one of them has begun.</summary>
    private async Task<string> SubmitAsync(bool isReadOnly = false)
    {
        _bench = await DashboardBench.StartAsync(isReadOnly, o => o.AddTrainable("job", async (run, token) =>
        {
            _started.TrySetResult();
            await _gate.Task.WaitAsync(token);
            await run.ReportAsync(0, ("loss", 1), token);
        }));
        var id = (await _bench.Sweeps.SubmitAsync(Definition(3))).Id;
        await _started.Task;
        await (await _bench.StoreAsync()).FlushAsync();
        return id;
    }
}
