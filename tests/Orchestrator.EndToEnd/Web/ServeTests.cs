using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Web;

/// <summary>The real program as a host: its dashboard, and the verbs that reach it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Submit_ToAServe_IsAJobThatTheOtherVerbsReach()
    {
        Sweep("long.json", sleep: 600, runs: 4);
        Sweep("short.json", sleep: 0.01, runs: 3);
        var refused = await _home.RunAsync("submit", "short.json", "--json");
        Assert.Equal((1, "noHost"), (refused.ExitCode, refused.Json.GetProperty("error").GetProperty("code").GetString()));

        using var serve = await ServedHome.StartAsync(_home, "--workers", "3");
        var second = await _home.RunAsync("serve", "--urls", "http://127.0.0.1:0");
        Assert.Equal(6, second.ExitCode);
        Assert.Contains("is being served already", second.Error, StringComparison.Ordinal);
        Assert.Contains(serve.Link.GetLeftPart(UriPartial.Authority), (await _home.RunAsync("doctor")).Output, StringComparison.Ordinal);

        var submitted = await _home.RunAsync("submit", "short.json", "--priority", "5", "--set", "limits.maxRuns=2", "--json");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        var id = submitted.Json.GetProperty("sweep").GetProperty("id").GetString()!;
        await serve.UntilJobsAsync("jobs/succeeded", 1);
        Assert.Contains("2 completed", await serve.ReadAsync("jobs/details/" + (await serve.JobsAsync("jobs/succeeded"))[0]), StringComparison.Ordinal);
        Assert.Equal(2, (await _home.RunAsync("status", id, "--json")).Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());

        Assert.Equal(0, (await _home.RunAsync("submit", "long.json")).ExitCode);
        await serve.UntilJobsAsync("jobs/processing", 1);
        Assert.Equal(0, (await _home.RunAsync("pause", "long")).ExitCode);
        Assert.Equal(0, (await _home.RunAsync("cancel", "long")).ExitCode);
        await serve.UntilJobsAsync("jobs/deleted", 1); // its job ends as what it is

        _home.Write("wrong.json", "{ \"trainable\": \"functoin\", \"method\": \"grid\" }");
        var wrong = await _home.RunAsync("submit", "wrong.json");
        Assert.Equal(3, wrong.ExitCode);
        Assert.Contains("wrong.json(1,", wrong.Error, StringComparison.Ordinal);
        var (exitCode, error) = await serve.TerminateAsync();
        Assert.Equal(143, exitCode);
        Assert.DoesNotContain(" ERR ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteAndRequeue_OfAJob_CancelsItsSweep_AndGoesOnWithWhatIsLeft()
    {
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var id = await serve.SubmitAsync("s.json", Sweep("s.json", sleep: 0.2, runs: 30));
        await Patience.UntilAsync(() => Count(id, "completed") >= 2, "two runs are complete");
        var job = Assert.Single(await serve.JobsAsync("jobs/processing"));
        using (var forged = await serve.PostAsync("jobs/processing/delete", withToken: false, job))
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

        await serve.PressAsync("jobs/processing/delete", job);
        await Patience.UntilAsync(() => Count(id, "running") == 0 && State(id) == "stopped", "the sweep has ended");
        Assert.InRange(Count(id, "completed"), 2, 29);
        Assert.Equal([job], await serve.JobsAsync("jobs/deleted"));

        await serve.PressAsync("jobs/deleted/requeue", job);
        await Patience.UntilAsync(() => State(id) == "completed", "the sweep is complete");
        await serve.UntilJobsAsync("jobs/succeeded", 1);
        Assert.Equal([job], await serve.JobsAsync("jobs/succeeded"));
        Assert.Equal(30, Count(id, "completed"));
    }

    [Fact]
    public async Task Requeue_OfAFailedJob_TriesFailedRunsAgain()
    {
        using var serve = await ServedHome.StartAsync(_home, "--workers", "2");
        var id = await serve.SubmitAsync("f.json", Sweep("f.json", sleep: 0, runs: 3, failureRate: 1));
        await serve.UntilJobsAsync("jobs/failed", 1);
        var job = Assert.Single(await serve.JobsAsync("jobs/failed"));
        Assert.Contains("No run succeeded: 3 failed.", WebUtility.HtmlDecode(await serve.ReadAsync("jobs/details/" + job)), StringComparison.Ordinal);

        await serve.PressAsync("jobs/failed/requeue", job);
        await Patience.UntilAsync(() => Show(id + "/000000").GetProperty("attempts").GetInt32() == 2, "a failed run is tried again");
        await serve.UntilJobsAsync("jobs/failed", 1);
    }

    [Fact]
    public async Task NonLoopback_WithoutToken_Is401_AndTheLinkGivesACookie()
    {
        using var serve = await ServedHome.StartAsync(_home, "--urls", "http://0.0.0.0:0");
        var token = Regex.Match(serve.Link.Query, "token=(.+)").Groups[1].Value;
        Assert.NotEqual("", token);
        using var without = await serve.GetAsync("jobs/processing");
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var api = await serve.SendAsync(new HttpRequestMessage(HttpMethod.Post, "api/sweeps"));
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        using var wrong = await serve.GetAsync("?token=" + new string('x', token.Length));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var bearer = new HttpRequestMessage(HttpMethod.Get, "jobs/processing");
        bearer.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var byBearer = await serve.SendAsync(bearer);
        Assert.Equal(HttpStatusCode.OK, byBearer.StatusCode);

        using var byLink = await serve.GetAsync("jobs/processing?token=" + token);
        Assert.Equal((HttpStatusCode.OK, ""), (byLink.StatusCode, byLink.RequestMessage!.RequestUri!.Query)); // sent on, without the token
        using var byCookie = await serve.GetAsync("jobs/processing");
        Assert.Equal(HttpStatusCode.OK, byCookie.StatusCode);

        // The home's owner needs none; others say it, or give the link.
        Sweep("s.json", sleep: 0, runs: 1);
        Assert.Equal(0, (await _home.RunAsync("submit", "s.json")).ExitCode);
        Assert.Equal(0, (await _home.RunAsync("submit", "s.json", "--url", serve.Link.AbsoluteUri)).ExitCode);
        var refused = await _home.RunAsync("submit", "s.json", "--url", serve.Link.GetLeftPart(UriPartial.Path), "--json");
        Assert.Equal((1, "unauthorized"), (refused.ExitCode, refused.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task ForeignOriginOrHost_IsRefused()
    {
        using var serve = await ServedHome.StartAsync(_home);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(serve, _ => { }));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(serve, r => r.Headers.Add("Origin", "http://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(serve, r => r.Headers.Add("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(serve, r => r.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(serve, r => r.Headers.Add("Origin", serve.Link.GetLeftPart(UriPartial.Authority))));
    }

    [Fact]
    public async Task ReadOnly_RefusesChanges_ButNotTheHomesOwner()
    {
        using var serve = await ServedHome.StartAsync(_home, "--read-only");
        var sweep = Sweep("s.json", sleep: 600, runs: 2);
        Assert.Equal(0, (await _home.RunAsync("submit", "s.json")).ExitCode);
        await serve.UntilJobsAsync("jobs/processing", 0); // no boxes to tick
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/sweeps") { Content = new StringContent($$"""{"file": "s.json", "content": {{System.Text.Json.JsonSerializer.Serialize(sweep)}}}""", new MediaTypeHeaderValue("application/json")) };
        using var refused = await serve.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var delete = await serve.PostAsync("jobs/processing/delete", withToken: true, "1");
        Assert.Equal(HttpStatusCode.Unauthorized, delete.StatusCode);
        Assert.Equal("running", (await _home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Schedule_Fires_IsTriggered_AndIsGoneEverywhereOnceRemovedOnTheDashboard()
    {
        Sweep("s.json", sleep: 0, runs: 2);
        var early = await _home.RunAsync("schedule", "s.json", "--cron", "* * * * * *", "--name", "each-second");
        Assert.Equal(0, early.ExitCode);
        Assert.Contains("no 'serve' runs", early.Error, StringComparison.Ordinal);
        using (var first = await ServedHome.StartAsync(_home))
        {
            await Patience.UntilAsync(() => Succeeded(first) >= 4, "two firings and their sweeps have succeeded");
            await first.PressAsync("recurring/remove", "sweep:each-second");
            Assert.Empty((await _home.RunAsync("schedule", "list", "--json")).Json.GetProperty("schedules").EnumerateArray());

            Assert.Equal(0, (await _home.RunAsync("schedule", "s.json", "--cron", "0 2 1 1 *", "--name", "yearly")).ExitCode);
            var before = Succeeded(first);
            await first.PressAsync("recurring/trigger", "sweep:yearly");
            await Patience.UntilAsync(() => Succeeded(first) >= before + 2, "the schedule was triggered");
        }

        using var second = await ServedHome.StartAsync(_home); // killed, and started anew with nothing but the home
        Assert.Equal(["sweep:yearly"], await second.JobsAsync("recurring"));
        Assert.Equal(0, (await _home.RunAsync("schedule", "remove", "yearly")).ExitCode);
        Assert.Empty(await second.JobsAsync("recurring"));
        Assert.Equal(2, (await _home.RunAsync("schedule", "s.json", "--cron", "0 25 * * *")).ExitCode);
    }

    [Fact]
    public async Task SweepWithDashboard_PrintsTheLinkToStandardError_AndOneDocument()
    {
        Sweep("s.json", sleep: 600, runs: 2);
        using var process = _home.Start("sweep", "s.json", "--dashboard", "--json", "--workers", "2");
        Uri? link = null;
        while (link is null && await process.StandardError.ReadLineAsync() is { } line)
            link = line.StartsWith("Dashboard: ", StringComparison.Ordinal) ? new Uri(line["Dashboard: ".Length..]) : null;
        var rest = process.StandardError.ReadToEndAsync();
        using var browser = new ServedHomeBrowser(link!);
        await browser.UntilJobsAsync("jobs/processing", 1);
        await browser.PressAsync("jobs/processing/delete", (await browser.JobsAsync("jobs/processing"))[0]);

        var output = await process.StandardOutput.ReadToEndAsync();
        await ProgramHome.EndAsync(process);
        await rest;
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("stopped", new ProgramResult(0, output, "").Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Sweep_WithoutDashboard_LoadsNothingOfTheWebHost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        Sweep("s.json", sleep: 600, runs: 2);
        using var program = new WatchedProgram(_home.Start("sweep", "s.json", "--workers", "2"));
        await program.SaysAsync("run 000000 started");

        Assert.DoesNotContain(await program.LoadedAsync(), file =>
            file.Contains("AspNetCore", StringComparison.Ordinal) || file.Contains("Hangfire", StringComparison.Ordinal) || file.EndsWith("Orchestrator.Web.dll", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusOfAsync(ServedHome serve, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "jobs/processing");
        change(request);
        using var response = await serve.SendAsync(request);
        return response.StatusCode;
    }

    private static int Succeeded(ServedHome serve) => serve.JobsAsync("jobs/succeeded").GetAwaiter().GetResult().Count;

    private string Sweep(string file, double sleep, int runs, double failureRate = 0)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "random",
              "parameters": {"x": {"min": 0.0, "max": 1.0}, "sleep": {{sleep}}, "failureRate": {{failureRate}}}, "limits": {"maxRuns": {{runs}}}
            }
            """);
        _home.Write(file, text);
        return text;
    }

    private string? State(string sweep) => Status(sweep).GetProperty("state").GetString();

    private int Count(string sweep, string state) => Status(sweep).GetProperty("counts").GetProperty(state).GetInt32();

    private System.Text.Json.JsonElement Status(string sweep) => _home.RunAsync("status", sweep, "--json").GetAwaiter().GetResult().Json.GetProperty("sweep");

    private System.Text.Json.JsonElement Show(string run) => _home.RunAsync("show", run, "--json").GetAwaiter().GetResult().Json.GetProperty("run");
}
