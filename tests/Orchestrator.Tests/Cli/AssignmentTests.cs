using Orchestrator.Storage.Sqlite;
using Orchestrator.Tests.Storage;
using Orchestrator.Tests.Tracking;

namespace Orchestrator.Tests.Cli;

/// <summary>Assignments with several seeds, of which some fail: 0 is good and whole, 1 looks better and lost a seed, 2 has one seed, 3 has failed.</summary>
public sealed class AssignmentTests : IAsyncLifetime
{
    private readonly CliBench _bench = new();

    public async ValueTask InitializeAsync()
    {
        (long Proposal, RunState State, double Objective)[] runs =
        [
            (0, RunState.Completed, 2), (0, RunState.Completed, 4),
            (1, RunState.Completed, 1), (1, RunState.Failed, 0),
            (2, RunState.Completed, 5),
            (3, RunState.Failed, 0),
        ];
        Directory.CreateDirectory(_bench.Home);
        await using var store = await SqliteSweepStore.OpenAsync(new() { DatabaseFile = Path.Combine(_bench.Home, "orchestrator.db") });
        var sweep = await store.CreateSweepAsync(StoreBuilders.Sweep());
        for (var i = 0; i < runs.Length; i++)
            await store.RunAsync(sweep, i, runs[i].State, runs[i].Objective, runs[i].Proposal);
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Fact]
    public async Task Best_SomeSeedsFailed_IsMarkedAndComesLastUnlessAskedOtherwise()
    {
        var text = (await _bench.RunAsync("best")).Out;
        var best = (await _bench.RunAsync("best", "--json")).Json.GetProperty("bestAssignments").EnumerateArray().ToList();
        var byMean = (await _bench.RunAsync("best", "--by-mean", "--json")).Json.GetProperty("bestAssignments").EnumerateArray();

        Assert.Equal([(3.0, 0), (5.0, 0), (1.0, 1)], best.Select(b => (b.GetProperty("mean").GetDouble(), b.GetProperty("failed").GetInt32())));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, best[2].GetProperty("standardDeviation").ValueKind);
        Assert.Equal([1.0, 3.0, 5.0], byMean.Select(b => b.GetProperty("mean").GetDouble()));
        Assert.Contains("failed", text.Split('\n').First(l => l.StartsWith("rank", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("may only have been lucky", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_Group_HasALineForEachAssignment()
    {
        var groups = (await _bench.RunAsync("runs", "--group", "--json")).Json.GetProperty("assignments").EnumerateArray();
        var limited = (await _bench.RunAsync("runs", "--group", "--limit", "2")).Out;

        Assert.Equal(
            [(2, 0, (double?)3.0), (1, 1, 1.0), (1, 0, 5.0), (0, 1, null)],
            groups.Select(g => (g.GetProperty("runs").GetInt32(), g.GetProperty("failed").GetInt32(), g.GetProperty("mean") is { ValueKind: System.Text.Json.JsonValueKind.Number } mean ? mean.GetDouble() : (double?)null)));
        Assert.Equal(4, limited.TrimEnd().Split('\n').Length);
        Assert.Contains("1 ± -", limited, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.RunAsync("runs", "--group", "--sort", "objective")).Code);
    }

    [Fact]
    public async Task Export_Assignments_SayHowManyFailed()
    {
        var rows = Csv.Parse((await _bench.RunAsync("export", "--what", "assignments")).Out);
        var lines = (await _bench.RunAsync("export", "--what", "assignments", "--format", "jsonl")).Out.TrimEnd().Split('\n');

        Assert.Equal(["assignment", "runs", "failed", "pruned", "objective_mean", "objective_std"], rows[0][..6]);
        Assert.Equal([["0", "2", "0", "0", "3"], ["1", "1", "1", "0", "1"], ["2", "1", "0", "0", "5"], ["3", "0", "1", "0", ""]], rows.Skip(1).Select(r => r[..5]));
        Assert.Equal("", rows[2][5]);
        Assert.Equal(4, lines.Length);
    }
}
