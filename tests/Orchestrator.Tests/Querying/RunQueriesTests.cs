using Orchestrator.Querying;
using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.Querying;

public sealed class RunQueriesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-query-").FullName;
    private SqliteSweepStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteSweepStore.OpenAsync(new SqliteStoreOptions { DatabaseFile = Path.Combine(_folder, "test.db") });
        var sweep = await _store.CreateSweepAsync(StoreBuilders.Sweep());
        for (var i = 0; i < 20; i++)
        {
            var reports = new ReportBuffer(new(sweep, i), 1);
            if (i % 4 != 3) // every fourth one never reports
                reports.Append([new("extra", 0, i % 5 == 0 ? double.NaN : (i * 7) % 20, StoreBuilders.At(11))]);
            await _store.RunAsync(sweep, i, i % 3 == 0 ? RunState.Failed : RunState.Completed, i % 3 == 0 ? null : 20 - i, reports: reports);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(null, null, false, null, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19")]
    [InlineData("state == 'failed'", null, false, null, "0 3 6 9 12 15 18")]
    [InlineData("state == 'failed' and number > 5", null, false, 2, "6 9")]
    [InlineData("x > 15", null, false, 2, "16 17")]
    [InlineData("x > 15", "objective", false, 2, "19 17")]
    [InlineData("objective > 4 and x > 10", "objective", true, 3, "11 13 14")]
    [InlineData(null, "number", true, 2, "19 18")]
    [InlineData("number < 8", "metrics.extra", false, null, "6 1 4 2 0 5 3 7")]
    [InlineData("number < 8", "metrics.extra", true, null, "2 4 1 6 0 5 3 7")]
    [InlineData("number < 8", "metrics.extra", false, 3, "6 1 4")]
    [InlineData("number < 8", "extra", true, 6, "2 4 1 6 0 5")]
    [InlineData(null, "state", false, 3, "1 2 4")]
    [InlineData(null, "parameters.x", true, 3, "19 18 17")]
    [InlineData("state == 'queued' and state == 'failed'", null, false, null, "")]
    public async Task Query_FilterOrderAndLimit_GiveTheRuns(string? filter, string? sort, bool descending, int? limit, string expected)
    {
        var runs = await RunQueries.QueryAsync(
            _store, "s1", filter is null ? null : RunFilter.Parse(filter), sort is null ? null : RunSort.Parse(sort, descending), limit).ToListAsync();
        Assert.Equal(expected, string.Join(' ', runs.Select(r => r.Number)));
        Assert.All(runs, r => Assert.Equal("project", r.Project));
    }

    [Fact]
    public async Task Query_StatesAndFilter_BothRestrict()
    {
        var runs = await RunQueries.QueryAsync(_store, "s1", RunFilter.Parse("state != 'failed' and number < 5"), states: [RunState.Completed, RunState.Failed]).ToListAsync();
        Assert.Equal([1L, 2, 4], runs.Select(r => r.Number));
    }

    [Fact]
    public async Task Names_OfASweep_TellASlip()
    {
        var (_, sweep) = (await _store.FindSweepAsync("s1"))!.Value;
        var names = await RunNames.OfAsync(_store, sweep with { Definition = """{"parameters": {"x": 1, "model": {"parameters": {"depth": 2}}}}""" });
        foreach (var good in new[] { "x == 1", "model.depth == 2", "extra > 1", "metrics.loss > 1", "parameters.model.depth == 2", "attributes.any == 1" })
            Assert.NotNull(RunFilter.Parse(good, names));
        foreach (var (bad, meant) in new[] { ("y == 1", "x"), ("modl.depth == 2", "model.depth"), ("metrics.exra > 1", "metrics.extra"), ("objectiv > 1", "objective") })
            Assert.Contains($"did you mean '{meant}'", Assert.Throws<RunFilterException>(() => RunFilter.Parse(bad, names)).Message, StringComparison.Ordinal);
        Assert.Contains("'objective'", Assert.Throws<RunSortException>(() => RunSort.Parse("objectiv", known: names)).Message, StringComparison.Ordinal);
    }
}
