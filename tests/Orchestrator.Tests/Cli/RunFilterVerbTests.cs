using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.Cli;

/// <summary><c>runs --where --sort</c>, <c>compare</c> and <c>failures</c>.</summary>
public sealed class RunFilterVerbTests : IAsyncLifetime
{
    private readonly CliBench _bench = new();

    public async ValueTask InitializeAsync() => await DemoStore.CreateAsync(_bench.Home);

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Theory]
    [InlineData("28 27 25", "--where", "state == 'completed'", "--sort", "accuracy", "--desc", "--limit", "3")]
    [InlineData("0 13 26", "--sort", "parameters.learningRate", "--limit", "3")]
    [InlineData("4 5 6", "--where", "number >= 4", "--limit", "3")]
    [InlineData("29 28", "--desc", "--limit", "2")]
    [InlineData("23 29", "--where", "failure.kind == 'nonFinite'")]
    [InlineData("5 11", "--where", "optimizer == 'sgd' and model.depth == 3 and number < 15")]
    public async Task Runs_WhereAndSort_PickRuns(string expected, params string[] args)
    {
        var runs = (await _bench.RunAsync(["runs", DemoStore.Id, "--json", .. args])).Json.GetProperty("runs");
        Assert.Equal(expected, string.Join(' ', runs.EnumerateArray().Select(r => r.GetProperty("number").GetInt32())));
    }

    [Theory]
    [InlineData("at character 1: 'stat' is unknown; did you mean 'state'?", "--where", "stat == 'failed'")]
    [InlineData("'metrics.valLoss'", "--where", "metrics.valLos < 3")]
    [InlineData("a value, a name or '('", "--where", "number >")]
    [InlineData("'objective'", "--sort", "objectiv")]
    [InlineData("'failed'", "--state", "fialed")]
    public async Task Runs_Mistake_ExitsWith2_AndSaysWhatIsRight(string expected, params string[] args)
    {
        var run = await _bench.RunAsync(["runs", DemoStore.Id, .. args]);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.RunAsync(["runs", DemoStore.Id, "--json", .. args])).Json.GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Compare_Json_HasDifferences_AndWhichIsBetter()
    {
        var json = (await _bench.RunAsync("compare", DemoStore.Id + "/0", DemoStore.Id + "/28", "--json")).Json.GetProperty("comparison");
        Assert.Equal("runs states parameters durationSeconds objective metrics", CliRun.Names(json));
        Assert.Equal("learningRate", CliRun.Names(json.GetProperty("parameters"))); // what is the same is left out
        var objective = json.GetProperty("objective");
        Assert.Equal(1, objective.GetProperty("better").GetInt32()); // smaller is better
        Assert.Equal((1.0 / 30) - 0.5, objective.GetProperty("differences")[1].GetDouble(), 12);
        Assert.Equal(((1.0 / 30) - 0.5) / 0.5, objective.GetProperty("relative")[1].GetDouble(), 12);
        Assert.Equal("null", json.GetProperty("metrics").GetProperty("accuracy").GetProperty("last").GetProperty("better").GetRawText());
        Assert.Equal(1.5, json.GetProperty("metrics").GetProperty("valLoss").GetProperty("maximum").GetProperty("values")[0].GetDouble());
        Assert.Equal("null", json.GetProperty("metrics").GetProperty("valLoss").GetProperty("maximum").GetProperty("better").GetRawText()); // a tie
    }

    [Theory]
    [InlineData("RUN", "0")]
    [InlineData("no run 77", DemoStore.Id + "/0", DemoStore.Id + "/77")]
    [InlineData("its id", "zero", "one")]
    public async Task Compare_WrongInput_ExitsWith2(string expected, params string[] runs)
    {
        var run = await _bench.RunAsync(["compare", .. runs]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_AreGrouped_WithWhatTheyHaveInCommon()
    {
        var json = (await _bench.RunAsync("failures", DemoStore.Id, "--json")).Json;
        var groups = json.GetProperty("failures").EnumerateArray().ToList();
        Assert.Equal([8, 2], groups.Select(g => g.GetProperty("count").GetInt32()));
        Assert.Equal("fingerprint count kind type message run firstAt lastAt inCommon retry", CliRun.Names(groups[0]));
        var cause = Assert.Single(groups[0].GetProperty("inCommon").EnumerateArray());
        Assert.Equal(("optimizer", "= sgd", 8, 0, 20), (
            cause.GetProperty("parameter").GetString(), cause.GetProperty("condition").GetString(), cause.GetProperty("failed").GetInt32(),
            cause.GetProperty("succeeded").GetInt32(), cause.GetProperty("succeededOf").GetInt32()));
        Assert.Empty(groups[1].GetProperty("inCommon").EnumerateArray()); // two runs say nothing
        Assert.Single((await _bench.RunAsync("failures", DemoStore.Id, "--limit", "1", "--json")).Json.GetProperty("failures").EnumerateArray());
    }

    [Fact]
    public async Task Failures_ReplicatesOfOneAssignment_AreNoEvidence()
    {
        await using (var store = await DemoStore.OpenAsync(_bench.Home))
        {
            var key = await store.CreateSweepAsync(StoreBuilders.Sweep("s9") with { CreatedAt = StoreBuilders.At(1e6) });
            for (var i = 0; i < 40; i++)
            {
                var (fails, proposal) = (i < 10, i < 10 ? 0 : i); // one assignment with ten seeds fails, thirty others succeed
                await store.AppendAsync(StoreBuilders.Queued(key, i, proposal));
                await store.AppendAsync(StoreBuilders.Started(key, i));
                await store.TellAsync(StoreBuilders.Ended(key, i, fails ? RunState.Failed : RunState.Completed, fails ? null : 1, failure: fails ? StoreBuilders.Failure : null));
            }
        }

        var group = Assert.Single((await _bench.RunAsync("failures", "s9", "--json")).Json.GetProperty("failures").EnumerateArray());
        Assert.Equal(10, group.GetProperty("count").GetInt32());
        Assert.Empty(group.GetProperty("inCommon").EnumerateArray());
    }

    [Theory]
    [InlineData("no sweep 'dem0'", "dem0")]
    [InlineData("at least 1", DemoStore.Id, "--limit", "0")]
    public async Task Failures_WrongInput_ExitsWith2(string expected, params string[] args)
    {
        var run = await _bench.RunAsync(["failures", .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }
}
