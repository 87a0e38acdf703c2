using Orchestrator.Tests.Experiments;

namespace Orchestrator.Tests.Cli;

/// <summary>The verbs that look, at runs that are held by hand.</summary>
public sealed class ExperimentVerbTests : IAsyncDisposable
{
    private readonly CliBench _bench = new();
    private readonly Experiment<BenchConfiguration> _experiment;

    public ExperimentVerbTests()
    {
        _experiment = new(new(), new ExperimentOptions { Name = ExperimentBench.NewName(), Home = _bench.Home, Project = "p", Tags = { "base" } });
        _experiment.Trackers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _experiment.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task List_ShowsExperimentsByKindAndIdentity()
    {
        await _bench.SweepAsync(_bench.Grid());
        var run = await RunAsync("one", 1);
        var all = (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps");
        Assert.Equal(2, all.GetArrayLength());
        foreach (var args in new[] { new[] { "--kind", "experiment" }, ["--identity", _experiment.Identity] })
        {
            var only = Assert.Single((await _bench.RunAsync(["list", "--json", .. args])).Json.GetProperty("sweeps").EnumerateArray());
            Assert.Equal((run.Sweep, "experiment", _experiment.Identity, "completed"),
                (only.GetProperty("id").GetString(), only.GetProperty("kind").GetString(), only.GetProperty("identity").GetString(), only.GetProperty("state").GetString()));
        }

        Assert.Contains(_experiment.Name, (await _bench.RunAsync("list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_LeftOut_AreThoseOfTheLatestExperiment()
    {
        await _bench.SweepAsync(_bench.Grid());
        await RunAsync("one", 1);
        await RunAsync("two", 2);
        var runs = (await _bench.RunAsync("runs", "--json", "--where", "metrics.loss > 1 and learningRate == 0.1 and 'base' in tags and project == 'p'")).Json.GetProperty("runs");
        Assert.Equal(["two"], runs.EnumerateArray().Select(r => r.GetProperty("id").GetString()));
        Assert.Matches("one +completed", (await _bench.RunAsync("runs", _experiment.Name)).Out);
        Assert.Matches("one +completed", (await _bench.RunAsync("runs", _experiment.Identity)).Out);
    }

    [Fact]
    public async Task Show_RunHeldByHand_SaysEverything()
    {
        await _experiment.RunAsync(
            async run =>
            {
                run.Logger.LogSomething();
                run.LogMetric("loss", 1);
                run.LogMetric("loss", 2);
                using (var task = run.StartTask("validation"))
                    task.LogMetric("loss", 3);
                await run.AddArtifactAsync(new MemoryStream([1, 2, 3]), "model.bin");
            },
            new() { Id = "one", Name = "My Run", Project = "own" });

        var text = (await _bench.RunAsync("show", "one")).Out;
        foreach (var part in new[] { "My Run  one", "project own", _experiment.Identity, "validation", "model.bin", "framework = .NET", "optimizer.name = adam" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Matches(@"loss +2 +1 +1 +2 +1\.5 +3 +2", text);
        var json = (await _bench.RunAsync("show", "one", "--json")).Json;
        Assert.Equal(1.5, json.GetProperty("aggregates").GetProperty("loss").GetProperty("avg").GetDouble());
        Assert.Equal(["own", _experiment.Identity], [json.GetProperty("project").GetString()!, json.GetProperty("identity").GetString()!]);
        Assert.Equal(64, json.GetProperty("definition").GetProperty("configuration").GetProperty("hidden").GetInt32());
        Assert.Equal(3, json.GetProperty("artifacts")[0].GetProperty("bytes").GetInt64());
        Assert.Equal("validation", json.GetProperty("tasks")[0].GetProperty("name").GetString());
        Assert.Equal(Environment.MachineName, json.GetProperty("environment").GetProperty("host").GetString());
        Assert.Contains("something", (await _bench.RunAsync("logs", "one")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompareExportAndFailures_WorkOnRunsHeldByHand()
    {
        await RunAsync("one", 1);
        await RunAsync("two", 2);
        await Assert.ThrowsAsync<InvalidDataException>(() => _experiment.RunAsync(_ => throw new InvalidDataException("broken"), new() { Id = "three" }));

        var compared = (await _bench.RunAsync("compare", "one", "two")).Out;
        Assert.Contains("loss", compared, StringComparison.Ordinal);
        Assert.Matches("^ +one +two +", compared); // their own ids, by which one can ask further
        var csv = (await _bench.RunAsync("export", "--where", "state == 'completed'")).Out.Split('\n');
        foreach (var column in new[] { "run_id", "run_name", "state", "param_learningRate", "param_optimizer.name", "metric_loss", "tag_base" })
            Assert.Contains(column, csv[0].Split(','));
        Assert.StartsWith("one,", csv[1], StringComparison.Ordinal);
        Assert.Equal(4, csv.Length);
        var failures = (await _bench.RunAsync("failures", "--json")).Json.GetProperty("failures");
        Assert.Equal("broken", failures[0].GetProperty("message").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, failures[0].GetProperty("retry").ValueKind);
    }

    [Fact]
    public async Task Best_NeedsAMetric()
    {
        await RunAsync("one", 1);
        var none = await _bench.RunAsync("best");
        Assert.Equal(2, none.Code);
        Assert.Contains("--sort metrics.NAME", none.Error, StringComparison.Ordinal);

        await using var measured = new Experiment<BenchConfiguration>(
            new(), new ExperimentOptions { Name = ExperimentBench.NewName(), Home = _bench.Home, Metric = Metric.Minimize("loss") });
        measured.Trackers.Clear();
        foreach (var loss in new[] { 3, 1, 2 })
            await measured.RunAsync(run => Log(run, loss), new() { Id = $"loss-{loss}" });
        var best = (await _bench.RunAsync("best", "--json")).Json;
        Assert.Equal("loss-1", best.GetProperty("run").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("pause")]
    [InlineData("set", "maxConcurrent=2")]
    public async Task VerbsThatSteerSweeps_RefuseAnExperiment(string verb, params string[] more)
    {
        var run = await RunAsync("one", 1);
        var said = await _bench.RunAsync([verb, run.Sweep, .. more]);
        Assert.Equal(2, said.Code);
        Assert.Contains("held by hand", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rm_RemovesAnExperimentUnlessARunIsHeld()
    {
        var held = await Task.Run(() => _experiment.StartRunAsync(new() { Id = "held" }));
        var folder = Path.GetDirectoryName(held.Directory)!;
        Assert.Equal(6, (await _bench.RunAsync("rm", _experiment.Name, "--yes")).Code);
        await held.StopAsync();
        Assert.Equal(0, (await _bench.RunAsync("rm", _experiment.Name, "--yes")).Code);
        Assert.False(Directory.Exists(folder));
        Assert.Equal(2, (await _bench.RunAsync("show", "held")).Code);
        await RunAsync("held", 1); // the id is free, and the experiment is made anew
        Assert.Equal(0, (await _bench.RunAsync("show", "held")).Code);
    }

    private Task<RunRecord> RunAsync(string id, double loss) => _experiment.RunAsync(run => Log(run, loss), new() { Id = id });

    private static Task Log(RunContext run, double loss)
    {
        run.LogMetric("loss", loss);
        return Task.CompletedTask;
    }
}

internal static partial class TestLog
{
    [Microsoft.Extensions.Logging.LoggerMessage(1, Microsoft.Extensions.Logging.LogLevel.Information, "something")]
    public static partial void LogSomething(this Microsoft.Extensions.Logging.ILogger logger);
}
