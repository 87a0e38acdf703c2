using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Storage;
using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.Web.Dashboard;

public sealed partial class SweepsPageTests : IAsyncLifetime
{
    private DashboardBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await DashboardBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Sweeps_NothingStored_SayHowToBeginAndMakeNoDatabase()
    {
        Assert.Contains("orchestrator submit", await _bench.ReadAsync("sweeps"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _bench.GetAsync("sweeps/none")).Status);
        Assert.Contains("Runs completed", await _bench.ReadAsync(""), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Home));
    }

    [Fact]
    public async Task Sweeps_Filtered_AreListedInPagesAndCountedByState()
    {
        var store = await _bench.StoreAsync();
        for (var i = 0; i < 25; i++)
        {
            var state = i == 0 ? SweepState.Failed : SweepState.Completed;
            await store.CreateSweepAsync(StoreBuilders.Sweep($"s{i:00}") with { Name = $"grid {i:00}", Project = i < 2 ? "few" : "many", State = state });
        }

        Assert.Equal(Enumerable.Range(5, 20).Reverse().Select(i => $"s{i:00}"), Listed(await _bench.ReadAsync("sweeps")));
        Assert.Equal(["s04", "s03", "s02", "s01", "s00"], Listed(await _bench.ReadAsync("sweeps?from=20&count=20")));
        Assert.Equal(["s00"], Listed(await _bench.ReadAsync("sweeps?state=failed")));
        Assert.Equal(["s01", "s00"], Listed(await _bench.ReadAsync("sweeps?project=few")));
        Assert.Equal(["s07"], Listed(await _bench.ReadAsync("sweeps?search=GRID+07&count=nonsense&from=-3")));
        Assert.Contains("No sweep matches.", await _bench.ReadAsync("sweeps?search=nothing"), StringComparison.Ordinal);

        var page = await _bench.ReadAsync("sweeps?project=many");
        Assert.Contains("href=\"?project=many&amp;from=20&amp;count=20\"", page, StringComparison.Ordinal);
        Assert.Matches("(?s)state=completed&amp;project=many\" class=\"list-group-item \">Completed\\s+<span class=\"pull-right\"><span class=\"metric metric-success\">23<", page);
    }

    [Fact]
    public async Task Sweeps_WhoseProcessIsGone_AreInterruptedAndNotActive()
    {
        var store = await _bench.StoreAsync();
        foreach (var id in (string[])["dead", "alive"])
            await store.AppendAsync(new SweepChanged { Sweep = await store.CreateSweepAsync(StoreBuilders.Sweep(id)), State = SweepState.Running, At = StoreBuilders.Epoch });
        await store.FlushAsync();
        using var held = _bench.Execute("alive");

        var page = await _bench.ReadAsync("sweeps?fragment=1");

        Assert.Contains("data-live-active=\"true\"", page, StringComparison.Ordinal);
        Assert.Equal(["alive"], Listed(await _bench.ReadAsync("sweeps?state=running")));
        Assert.Equal(["dead"], Listed(await _bench.ReadAsync("sweeps?state=interrupted")));
        Assert.Contains("action=\"/hangfire/sweeps/alive/pause\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("sweeps/dead/pause", page, StringComparison.Ordinal);
        Assert.Contains("action=\"/hangfire/sweeps/dead/resume\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SweepState.Queued)]
    [InlineData(SweepState.Paused)]
    public async Task Pages_OfASweepThatIsUnderWay_AreFollowed(SweepState state)
    {
        var store = await _bench.StoreAsync();
        var sweep = await store.CreateSweepAsync(StoreBuilders.Sweep("alive"));
        await store.RunAsync(sweep, 0);
        await store.AppendAsync(StoreBuilders.Queued(sweep, 1));
        await store.AppendAsync(new SweepChanged { Sweep = sweep, State = state, At = StoreBuilders.Epoch });
        await store.FlushAsync();
        using var held = _bench.Execute("alive");

        foreach (var page in (string[])["sweeps?search=alive", "sweeps/alive", "sweeps/alive/card", "sweeps/alive/runs/1"])
            Assert.Contains("data-live-active=\"true\"", await _bench.ReadAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_OfOurMetrics_AreThoseOfTheStore()
    {
        var store = await _bench.StoreAsync();
        var key = await store.CreateSweepAsync(StoreBuilders.Sweep());
        await store.ReachAsync(key, 0, RunState.Failed);
        await store.ReachAsync(key, 1, RunState.Completed);
        await store.FlushAsync();

        string[] names = ["orchestrator:active", "orchestrator:running", "orchestrator:completed", "orchestrator:failed"];
        var (_, json) = await _bench.PostAsync("stats", withToken: true, names.Select(n => KeyValuePair.Create("metrics[]", n)));

        using var document = JsonDocument.Parse(json);
        Assert.Equal([0, 0, 1, 1], names.Select(n => document.RootElement.GetProperty(n).GetProperty("intValue").GetInt32()));
    }

    [Fact]
    public async Task UseOrchestrator_Twice_AddsEverythingOnce()
    {
        Assert.Single(Regex.Matches(await _bench.ReadAsync("recurring"), "href=\"/hangfire/sweeps\""));
        Assert.Single(Regex.Matches(await _bench.ReadAsync(""), "Runs failed"));
        var home = await _bench.ReadAsync("");
        foreach (var content in (string[])["/css", "/css-dark", "/js"])
            Assert.Single(Regex.Matches(await _bench.ReadAsync(Regex.Match(home, $"\"/hangfire(/{content[1..]}[0-9]+)\"").Groups[1].Value[1..]), "Orchestrator's pages"));
    }

    private static IEnumerable<string> Listed(string html) => ListedPattern().Matches(html).Select(m => m.Groups[1].Value);

    [GeneratedRegex("<td class=\"orc-name\"><a href=\"/hangfire/sweeps/([^\"]+)\"")]
    private static partial Regex ListedPattern();
}
