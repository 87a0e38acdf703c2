using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Orchestrator.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.EndToEnd.Web;

/// <summary>The dashboard of the real program in a real browser.</summary>
public sealed class DashboardTests : IClassFixture<ChromiumBrowser>, IDisposable
{
    private readonly ChromiumBrowser _browser;
    private readonly ProgramHome _home = new();
    private readonly List<string> _errors = [];

    public DashboardTests(ChromiumBrowser browser)
    {
        _browser = browser;
        SetDefaultExpectTimeout((float)Patience.Deadline.TotalMilliseconds);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Pages_WhileASweepRuns_FollowItByThemselves()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var page = await _browser.OpenAsync(serve.Link + "sweeps", _errors);
        await Expect(page.Locator(".alert-info")).ToContainTextAsync("There are no sweeps yet.");

        var id = await serve.SubmitAsync("grid.json", Sweep("grid", sleep: 0.2, runs: 12));
        await Expect(page.Locator(".navbar [data-metric='orchestrator:active']")).ToHaveTextAsync("1"); // Hangfire's statistics
        await page.GetByRole(AriaRole.Link, new() { Name = "grid", Exact = true }).ClickAsync(); // the list was read anew
        await Expect(page.Locator("h1 .label")).ToHaveTextAsync("completed"); // and so was the sweep
        await Expect(page.Locator(".orc-legend")).ToContainTextAsync("12 of 12 runs");

        await page.GetByRole(AriaRole.Link, new() { Name = "#1" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("grid: random, 12 runs");
        await Expect(page.Locator("#orchestrator-card")).ToContainTextAsync("12 completed");
        await page.GotoAsync($"{serve.Link}sweeps/{id}/runs/3");
        await Expect(page.Locator("time[data-time]").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$"));
        await page.GotoAsync(serve.Link.AbsoluteUri);
        await Expect(page.Locator("div[data-metric='orchestrator:completed']")).ToHaveTextAsync("12");
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Buttons_OfASweep_PauseContinueAndCancelIt()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var id = await serve.SubmitAsync("long.json", Sweep("long", sleep: 0.3, runs: 2_000));
        var page = await _browser.OpenAsync($"{serve.Link}sweeps/{id}", _errors);
        var (state, answer) = (page.Locator("h1 .label"), page.Locator("#orchestrator-answer .alert"));
        await Expect(state).ToHaveTextAsync("running");

        await Button(page, "Pause").ClickAsync();
        await Expect(state).ToHaveTextAsync("paused");
        await Expect(answer).ToHaveClassAsync("alert alert-success");
        await Button(page, "Continue").ClickAsync();
        await Expect(state).ToHaveTextAsync("running");

        // The form of a page without scripts does the same; what comes too late is answered.
        var plain = await _browser.OpenAsync($"{serve.Link}sweeps/{id}", hasScripts: false);
        await Button(page, "Cancel").ClickAsync();
        await Expect(state).ToHaveTextAsync("stopped");
        await Button(plain, "Pause").ClickAsync();
        await Expect(plain.Locator("#orchestrator-answer .alert-warning")).ToContainTextAsync("is not being executed: it is stopped.");
        await Button(plain, "Resume").ClickAsync();
        await Expect(state).ToHaveTextAsync("running");
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task JobOfASweep_DeletedAndRequeued_CancelsItAndRetriesWhatFailed()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var id = await serve.SubmitAsync("job.json", Sweep("job", sleep: 0.05, runs: 400, failureRate: 0.5));
        var page = await _browser.OpenAsync($"{serve.Link}sweeps/{id}", _errors);
        await Expect(page.Locator(".orc-legend")).ToContainTextAsync("failed");

        await page.GotoAsync(serve.Link + "jobs/processing");
        await page.Locator(".js-jobs-list-checkbox").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete selected" }).ClickAsync();
        await Expect(page.Locator(".js-jobs-list-checkbox")).ToHaveCountAsync(0);
        await page.GotoAsync($"{serve.Link}sweeps/{id}");
        await Expect(page.Locator("h1 .label")).ToHaveTextAsync("stopped");
        var failed = page.Locator(".orc-blocks .metric-danger .metric-body");
        var before = int.Parse(await failed.InnerTextAsync(), CultureInfo.InvariantCulture);

        await page.GotoAsync(serve.Link + "jobs/deleted");
        await page.Locator(".js-jobs-list-checkbox").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Requeue jobs" }).ClickAsync();
        await Expect(page.Locator(".js-jobs-list-checkbox")).ToHaveCountAsync(0);
        await page.GotoAsync($"{serve.Link}sweeps/{id}?order=number&count=10");
        await Expect(page.Locator("h1 .label")).ToHaveTextAsync("running");
        await Expect(page.Locator("#orchestrator-sweep tr.hover td.align-right:nth-child(5)").GetByText("2").First).ToBeVisibleAsync(); // attempts
        Assert.True(before > 0);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Names_OfUsers_AreTextInABrowser()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        const string Name = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>\"'\u202Egrid 100%/a";
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var id = await serve.SubmitAsync("odd.json", Sweep(Name, sleep: 0, runs: 3));
        var page = await _browser.OpenAsync(serve.Link + "sweeps", _errors);

        foreach (var path in (string[])["sweeps?search=" + Uri.EscapeDataString(Name), $"sweeps/{id}", $"sweeps/{id}/runs/0", "jobs/details/1", "jobs/succeeded"])
        {
            await page.GotoAsync(serve.Link + path);
            await Expect(page.Locator("body")).ToContainTextAsync("<img src=x onerror=window.hacked=1>");
            Assert.False(await page.EvaluateAsync<bool>("'hacked' in window"), path);
            Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), path + " is wider than the window");
        }

        await page.GotoAsync(serve.Link + "sweeps/%3Cscript%3E");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Not found");
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Schedule_TriggeredOnTheDashboard_SubmitsItsSweep()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        _home.Write("nightly.json", Sweep("nightly", sleep: 0, runs: 2));
        Assert.Equal(0, (await _home.RunAsync("schedule", "nightly.json", "--cron", "0 2 * * *")).ExitCode);
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var page = await _browser.OpenAsync(serve.Link + "recurring", _errors);

        await Expect(page.Locator("tbody")).ToContainTextAsync("0 2 * * *");
        await page.Locator(".js-jobs-list-checkbox").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Trigger now" }).ClickAsync();
        await Expect(page.Locator("td a[href*='/jobs/details/']")).ToBeVisibleAsync(); // its last execution
        await page.GotoAsync(serve.Link + "sweeps");
        await Expect(page.Locator(".orc-name a")).ToHaveTextAsync("nightly");

        await page.GotoAsync(serve.Link + "recurring");
        await page.Locator(".js-jobs-list-checkbox").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.Locator(".alert-info")).ToBeVisibleAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task ReadOnlyDashboard_OfARunningSweep_OffersNothingAndRefuses()
    {
        Assert.SkipWhen(ChromiumBrowser.Missing is not null, ChromiumBrowser.Missing ?? "");
        string id;
        using (var first = await ServedHome.StartAsync(_home, "--workers", "2"))
        {
            id = await first.SubmitAsync("long.json", Sweep("long", sleep: 0.3, runs: 2_000));
            await first.UntilJobsAsync("jobs/processing", 1);
            await first.KillAsync();
        }

        using var serve = await ServedHome.StartAsync(_home, "--workers", "2", "--read-only");
        var page = await _browser.OpenAsync($"{serve.Link}sweeps/{id}", _errors);
        await Expect(page.Locator("h1 .label")).ToHaveTextAsync("running");
        await Expect(page.Locator("form[data-command]")).ToHaveCountAsync(0);

        var status = await page.EvaluateAsync<int>("""
            async path => (await fetch(path, { method: 'POST', headers: {
                [document.querySelector('meta[name=csrf-header]').content]: document.querySelector('meta[name=csrf-token]').content } })).status
            """, $"/sweeps/{id}/cancel");
        Assert.Equal(403, status);
        Assert.Equal("running", (await _home.RunAsync("status", id, "--json")).Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static string Sweep(string name, double sleep, int runs, double failureRate = 0) => JsonSerializer.Serialize(new
    {
        name,
        trainable = "function",
        metric = new { name = "value", goal = "minimize" },
        method = "random",
        parameters = new { function = "sphere", x1 = new { min = 0.0, max = 1.0 }, sleep, failureRate },
        limits = new { maxRuns = runs },
    });
}
