using System.Net;
using System.Text.RegularExpressions;
using Orchestrator.Storage;
using Orchestrator.Tests.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Web.Dashboard;

public sealed class SweepPageTests : IAsyncLifetime
{
    private const string Definition = """
        { "trainable": "mlp", "parameters": { "x": { "min": 0.001, "max": 1, "log": true }, "y": [1.0], "kind": { "values": ["a", "b"], "when": { "x": 1 } } } }
        """;

    private DashboardBench _bench = null!;
    private ISweepStore _store = null!;
    private long _sweep;

    public async ValueTask InitializeAsync()
    {
        _bench = await DashboardBench.StartAsync();
        _store = await _bench.StoreAsync();
        _sweep = await _store.CreateSweepAsync(Sweep(metric: Metric.Maximize("accuracy", target: 0.99)) with
        {
            Definition = Definition, File = "/sweeps/grid.json", PlannedRuns = 8, Tags = ["baseline"], State = SweepState.Stopped,
        });
        await _store.RunAsync(_sweep, 0, objective: 0.5, proposal: 0);
        await _store.RunAsync(_sweep, 1, objective: 0.7, proposal: 0);
        await _store.RunAsync(_sweep, 2, objective: 0.9, proposal: 1);
        for (var number = 3L; number < 5; number++)
        {
            await _store.AppendAsync(Queued(_sweep, number));
            await _store.AppendAsync(Started(_sweep, number));
            await _store.TellAsync(Ended(_sweep, number, RunState.Failed, failure: Failure with { Message = "Loss diverged" }));
        }
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Sweep_Page_ShowsWhatItIsAndWhereItStands()
    {
        var page = await _bench.ReadAsync("sweeps/s1");

        Assert.Contains("<strong>5 of 8 runs</strong> <span class=\"text-muted\">(62 %)</span>", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"5 of 8 runs ended: 3 completed, 2 failed\"", page, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"orc-completed\" x=\"0%\" width=\"37.5%\" height=\"100%\"/><rect class=\"orc-failed\" x=\"37.5%\" width=\"25%\"", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"metric-body\">0.9</div>", page, StringComparison.Ordinal);
        foreach (var fact in (string[])["maximize accuracy, until 0.99 is reached", "/sweeps/grid.json", "<code><bdi>mlp</bdi></code>", "baseline", "datetime=\"2026-03-01T12:00:00Z\">2026-03-01 12:00:00 UTC"])
            Assert.Contains(fact, page, StringComparison.Ordinal);
        Assert.Contains("data-live-active=\"false\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_Sections_ShowAssignmentsFailuresAndSpace()
    {
        var page = await _bench.ReadAsync("sweeps/s1");

        Assert.Contains("Best assignments", page, StringComparison.Ordinal);
        Assert.Matches("(?s)<strong>0\\.9</strong> <span class=\"text-muted\">± –</span>.*<strong>0\\.6</strong> <span class=\"text-muted\">± 0\\.14</span>", page);
        Assert.Contains("with <bdi>accuracy</bdi> 0.9, seed 102", page, StringComparison.Ordinal);
        Assert.Matches("(?s)<strong>2</strong></td>\\s+<td class=\"min-width\">outOfMemory</td>\\s+<td class=\"orc-message\"><bdi>Loss diverged</bdi>.*href=\"/hangfire/sweeps/s1/runs/3\">run 3</a>.*0123456789ab", page);
        Assert.Contains("<bdi>0.001 to 1, log</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("when <bdi>x is 1</bdi>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", new[] { 0, 1, 2, 3, 4 })]
    [InlineData("?state=failed", new[] { 3, 4 })]
    [InlineData("?state=nonsense", new[] { 0, 1, 2, 3, 4 })]
    [InlineData("?order=objective&desc=1", new[] { 2, 1, 0, 3, 4 })]
    [InlineData("?from=2&count=2", new[] { 2, 3 })]
    [InlineData("?from=9999999&count=2", new[] { 4 })]
    public async Task Sweep_Runs_AreFilteredSortedAndPaged(string query, int[] expected)
    {
        var page = await _bench.ReadAsync("sweeps/s1" + query);

        Assert.Equal(expected, Regex.Matches(page, "<td class=\"align-right min-width\"><a href=\"/hangfire/sweeps/s1/runs/([0-9]+)\"").Select(m => int.Parse(m.Groups[1].Value, null)));
    }

    [Theory]
    [InlineData("sweeps/nothing")]
    [InlineData("sweeps/s1/runs/99")]
    [InlineData("sweeps/s1/runs/9999999999")]
    [InlineData("sweeps/s1/runs/abc")]
    [InlineData("sweeps/s1/nothing")]
    [InlineData("sweeps/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    public async Task Page_OfNothing_IsNotFoundInTheSameLook(string path)
    {
        var (status, html) = await _bench.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("<h1 class=\"page-header\">Not found</h1>", html, StringComparison.Ordinal);
        Assert.Contains("navbar", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Run_Page_ShowsParametersCurvesAttemptsLogAndFailure()
    {
        var reports = new ReportBuffer(new(_sweep, 5), 1);
        for (var step = 0; step < 10; step++)
            reports.Append([new("accuracy", step, step / 10.0, At(step)), new("nan", step, double.NaN, At(step))]);
        reports.Append([new("once", 3, 42, At(3))]);
        await _store.AppendAsync(Queued(_sweep, 5));
        await _store.AppendAsync(Started(_sweep, 5));
        await _store.TellAsync(Ended(_sweep, 5, RunState.Failed, reports: reports, failure: Failure with { LogTail = null }));
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Home, "sweeps", "s1", "000005"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "run.log"), string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i} \e[31m<b>\n")));

        var page = await _bench.ReadAsync("sweeps/s1/runs/5");

        Assert.Contains("<dt><bdi>x</bdi></dt><dd><bdi>5</bdi></dd>", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"accuracy over 10 steps: from 0 to 0.9\"", page, StringComparison.Ordinal);
        Assert.Contains("<polyline class=\"orc-line\"", page, StringComparison.Ordinal);
        Assert.Contains("min 0 · max 0.9 · mean 0.45 · 10 values", page, StringComparison.Ordinal);
        Assert.Contains("No finite value.", page, StringComparison.Ordinal);
        Assert.Contains("<dt><bdi>once</bdi></dt><dd>42", page, StringComparison.Ordinal);
        Assert.Contains("Failed: outOfMemory, signal 9", page, StringComparison.Ordinal);
        Assert.Contains("caused by <bdi>System.Exception</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>worker-1</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("cuda:0", page, StringComparison.Ordinal);
        Assert.Contains("line 499 [31m&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("line 299 ", page, StringComparison.Ordinal);
        Assert.Contains("all of them are in", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfOurs_NeedNoInlineScriptOrStyle()
    {
        foreach (var path in (string[])["sweeps", "sweeps/s1", "sweeps/s1/runs/3", "sweeps/s1/card"])
        {
            var fragment = await _bench.ReadAsync(path + "?fragment=1");
            Assert.DoesNotContain("<html", fragment, StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)<script|<style|\\sstyle=|\\son[a-z]+=|javascript:", fragment);
        }
    }
}
