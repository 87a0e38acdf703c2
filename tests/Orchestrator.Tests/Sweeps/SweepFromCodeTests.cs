using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

/// <summary>The call without a host: what it returns, where it keeps results, how it ends.</summary>
public sealed class SweepFromCodeTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sweep-from-code-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task ReadRunsAsync_AfterTheCallHasReturned_ReadsTheRuns()
    {
        var result = await Sweep.RunAsync(Three(), (run, token) => run.ReportAsync(0, ("loss", 1), token).AsTask(), Here(), Token);

        var runs = new List<RunRecord>();
        await foreach (var run in result.ReadRunsAsync(Token))
            runs.Add(run);

        Assert.Equal([0L, 1, 2], runs.Select(r => r.Number));
    }

    [Fact]
    public async Task RunAsync_DelegateThatReturnsANumber_HasItAsObjective()
    {
        var result = await Sweep.RunAsync(Three(), (run, _) => Task.FromResult(run.Parameters.Get<double>("x") * 2), Here(), Token);
        var whole = await Sweep.RunAsync(Three(), (run, _) => Task.FromResult(run.Parameters.Get<int>("x") + 1), Here(), Token);

        Assert.Equal((3, 2.0), (result.Counts.Completed, result.Best!.Objective));
        Assert.Equal(2.0, whole.Best!.Objective);
    }

    [Fact]
    public async Task RunAsync_ReturnedValueAfterReports_IsTheLastOne()
    {
        var result = await Sweep.RunAsync(
            Three(),
            async (run, token) =>
            {
                await run.ReportAsync(7, ("loss", 100), token);
                return 0.5;
            },
            Here(),
            Token);

        Assert.Equal(0.5, result.Best!.Objective);
    }

    [Fact]
    public async Task RunAsync_Canceled_SaysWhichSweepCanBeResumed()
    {
        using var source = new CancellationTokenSource();

        var error = await Assert.ThrowsAsync<SweepCanceledException>(() => Sweep.RunAsync(
            Three(),
            async (run, token) =>
            {
                await source.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
            },
            Here(),
            source.Token));
        var options = Here();
        options.Resume = error.Sweep;
        var resumed = await Sweep.RunAsync(Three(), (_, _) => Task.FromResult(1.0), options, Token);

        Assert.Equal(error.Sweep, resumed.Id);
        Assert.Equal(3, resumed.Counts.Completed);
    }

    [Fact]
    public async Task RunAsync_ResumeByName_GoesOnWithTheLatestOfThatName()
    {
        var control = new SweepControl();
        var options = Here();
        options.Control = control;
        var definition = Three();
        definition.Name = "by-name";
        await Sweep.RunAsync(definition, (_, _) => Task.FromResult(2.0), Here(), Token);
        var stopped = await Sweep.RunAsync(
            definition,
            async (_, token) =>
            {
                control.Cancel();
                await Task.Delay(Timeout.Infinite, token);
            },
            options,
            Token);
        options = Here();
        options.Resume = "by-name";

        var resumed = await Sweep.RunAsync(Three(), (_, _) => Task.FromResult(1.0), options, Token);

        Assert.Equal((stopped.Id, 3), (resumed.Id, resumed.Counts.Completed));
        options.Resume = "by-nam";
        var error = await Assert.ThrowsAsync<SweepNotFoundException>(() => Sweep.RunAsync(Three(), (_, _) => Task.FromResult(1.0), options, Token));
        Assert.Contains("Did you mean 'by-name'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_NameInsteadOfAnId_IsTheLatestOfThatName()
    {
        await using var bench = new SweepBench();
        await bench.RunAsync(SweepBench.Definition(1), TestRuns.Report);
        var latest = await bench.RunAsync(SweepBench.Definition(2), TestRuns.Report);
        var client = bench.Services.GetRequiredService<ISweepClient>();

        Assert.Equal(latest.Id, (await client.FindAsync("test", Token))!.Id);
        Assert.Equal(latest.Id, (await client.ResumeAsync("test", Token)).Id);
        Assert.Equal(latest.Id, (await client.WaitAsync("test", Token)).Id);
        Assert.Equal(2, await client.RunsAsync("test", cancellationToken: Token).CountAsync(Token));
        Assert.Equal(latest.Id, (await client.FindRunAsync("test/1", Token))!.Sweep);
        Assert.Contains(await client.WatchAsync("test", Token).ToListAsync(Token), c => c.Kind == "sweep.completed");
        Assert.NotEmpty(await client.SetAsync("test", new SweepSettings { Priority = 3 }, Token));
        Assert.Equal(3, (await client.FindAsync(latest.Id, Token))!.Priority);
        Assert.Null(await client.FindAsync("tset", Token));
    }

    private SweepOptions Here() => new() { Home = _home, Workers = 2 };

    private static SweepDefinition Three() => new()
    {
        Method = "grid",
        Metric = Metric.Minimize("loss"),
        Parameters = { ["x"] = Parameter.Choice(1, 2, 3) },
    };
}
