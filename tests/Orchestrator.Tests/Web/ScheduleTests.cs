using Hangfire;
using Hangfire.InMemory;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting;
using Orchestrator.Tests.Support;
using Orchestrator.Web;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Tests.Web;

public sealed class ScheduleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0 2 * * *", null, 0)]
    [InlineData("*/5 * * * * *", "UTC", 0)]
    [InlineData("@daily", null, 0)]
    [InlineData("61 * * * *", null, 1)]
    [InlineData("* * *", "Nowhere/Land", 2)]
    [InlineData("", null, 1)]
    public void Problems_OfTimes_AreFound(string cron, string? zone, int count) =>
        Assert.Equal(count, ScheduleRules.Problems(new Schedule("n", new ScheduleOptions { File = "f", Cron = cron, TimeZone = zone }, false)).Count());

    [Theory]
    [InlineData("nightly", true)]
    [InlineData("a.b-c_1", true)]
    [InlineData("../up", false)]
    [InlineData(".hidden", false)]
    [InlineData("", false)]
    public void IsName_TakesWhatMayBeAFileName(string name, bool expected)
    {
        Assert.Equal(expected, ScheduleRules.IsName(name));
        Assert.True(ScheduleRules.IsName(ScheduleRules.NameFrom(name)));
    }

    [Fact]
    public void Book_KeepsWhatIsPut_AndTheConfiguredOneCounts()
    {
        var book = Book(("Orchestrator:Schedules:both:File", "configured.json"), ("Orchestrator:Schedules:both:Cron", "0 1 * * *"));
        Assert.False(book.Put("mine", new ScheduleOptions { File = "/f", Cron = "0 2 * * *", Set = { "a=1" }, Workers = 3 }));
        Assert.True(book.Put("mine", new ScheduleOptions { File = "/f", Cron = "0 3 * * *", Set = { "a=1" }, Workers = 3 }));
        book.Put("both", new ScheduleOptions { File = "/f", Cron = "0 2 * * *" });

        var all = Book(("Orchestrator:Schedules:both:File", "configured.json"), ("Orchestrator:Schedules:both:Cron", "0 1 * * *")).Read(out _);
        Assert.Equal([("both", "0 1 * * *", true), ("mine", "0 3 * * *", false)], all.Select(s => (s.Name, s.Options.Cron, s.IsConfigured)));
        Assert.Equal(["a=1"], all[1].Options.Set);
        Assert.Equal(3, all[1].Options.Workers);
        Assert.True(book.Remove("mine"));
        Assert.False(book.Remove("mine"));
        Assert.False(book.Remove("../mine"));
    }

    [Fact]
    public void Book_WithMistakes_NamesThemAll()
    {
        var wrong = Assert.Throws<WebSettingsException>(() => Book(("Orchestrator:Schedules:a:Cron", "x"), ("Orchestrator:Schedules:b:File", "f")).Read(out _));

        Assert.Contains("Orchestrator:Schedules:a: 'File'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Orchestrator:Schedules:a: 'x' is no time", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Orchestrator:Schedules:b: 'Cron'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Firing_WhileTheLastSweepRuns_IsSkippedAndSaysSo()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var file = await SweepFileAsync();
        await using var bench = await WebBench.StartAsync(
            async (run, token) =>
            {
                await gate.Task.WaitAsync(token);
                await TestRuns.Report(run, token);
            },
            settings: [("Orchestrator:Schedules:yearly:File", file), ("Orchestrator:Schedules:yearly:Cron", "0 0 1 1 *")]);
        var manager = new RecurringJobManager(bench.Storage);
        var first = manager.TriggerJob("sweep:yearly");
        await UntilAsync(bench.Storage, first, "Succeeded");
        var sweep = await bench.Client.ListAsync().FirstAsync(TestContext.Current.CancellationToken);
        Assert.Equal("yearly", sweep.Attributes["schedule"].ToString());

        var second = manager.TriggerJob("sweep:yearly");
        Assert.StartsWith($"Skipped: sweep {sweep.Id}", (await UntilAsync(bench.Storage, second, "Deleted")).Reason, StringComparison.Ordinal);
        Assert.InRange(bench.Storage.GetMonitoringApi().JobDetails(second).ExpireAt!.Value, DateTime.UtcNow.AddMinutes(30), DateTime.UtcNow.AddMinutes(61));
        gate.SetResult();
        await bench.Client.WaitAsync(sweep.Id);
        await UntilAsync(bench.Storage, manager.TriggerJob("sweep:yearly"), "Succeeded");
        Assert.Equal(2, await bench.Client.ListAsync().CountAsync(TestContext.Current.CancellationToken));

        File.Delete(file);
        await bench.Client.WaitAsync((await bench.Client.ListAsync().FirstAsync(TestContext.Current.CancellationToken)).Id);
        Assert.Contains("s.json", (await UntilAsync(bench.Storage, manager.TriggerJob("sweep:yearly"), "Failed")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenFile_IsLeftOut_AndTheOthersFire()
    {
        var file = await SweepFileAsync();
        var book = Book();
        book.Put("good", new ScheduleOptions { File = file, Cron = "0 0 1 1 *" });
        await File.WriteAllTextAsync(Path.Combine(_folder, "schedules", "broken.json"), "{", TestContext.Current.CancellationToken);
        book.Put("mistaken", new ScheduleOptions { File = file, Cron = "never" });

        Assert.Equal("good", Assert.Single(book.Read(out var broken)).Name);
        Assert.Equal(2, broken.Count);
        Assert.Contains("broken.json", Assert.Throws<WebSettingsException>(() => book.Find("broken")).Message, StringComparison.Ordinal);
        await using var bench = await WebBench.StartAsync(TestRuns.Report, settings: ("Orchestrator:Home", _folder));
        await UntilAsync(bench.Storage, new RecurringJobManager(bench.Storage).TriggerJob("sweep:good"), "Succeeded");
        Assert.True(book.Remove("broken"));
    }

    [Fact]
    public async Task Firing_WhileAnInterruptedSweepIsLeftAsItIs_IsNotSkipped()
    {
        var (begun, isFirst, file) = (new TaskCompletionSource(), true, await SweepFileAsync());
        (string, string)[] settings = [("Orchestrator:Schedules:yearly:File", file), ("Orchestrator:Schedules:yearly:Cron", "0 0 1 1 *"), ("Orchestrator:ResumeOnStart", "false")];
        async Task Body(RunContext run, CancellationToken token)
        {
            if (Volatile.Read(ref isFirst))
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await TestRuns.Report(run, token);
        }

        await using var first = await WebBench.StartAsync(Body, settings: settings);
        new RecurringJobManager(first.Storage).TriggerJob("sweep:yearly");
        await begun.Task;
        await first.Host.Host.StopAsync();
        Volatile.Write(ref isFirst, false);

        using var storage = new InMemoryStorage();
        await using var second = await WebBench.StartAsync(Body, before: first, storage: storage, settings: settings);
        await UntilAsync(second.Storage, new RecurringJobManager(storage).TriggerJob("sweep:yearly"), "Succeeded");
    }

    private async Task<string> SweepFileAsync()
    {
        var file = Path.Combine(_folder, "s.json");
        await File.WriteAllTextAsync(file, """{"trainable": "body", "metric": {"name": "loss", "goal": "minimize"}, "method": "random", "parameters": {"x": {"min": 0.0, "max": 1.0}}, "limits": {"maxRuns": 1}}""");
        return file;
    }

    private static async Task<StateData> UntilAsync(JobStorage storage, string job, string state)
    {
        using var connection = storage.GetConnection();
        StateData? now;
        while ((now = connection.GetStateData(job))?.Name is null or "Enqueued" or "Processing")
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        Assert.True(now.Name == state, $"{now.Name}: {now.Reason}");
        return now;
    }

    private ScheduleBook Book(params (string Key, string Value)[] settings) => new(
        new OrchestratorHome(Options.Create(new OrchestratorOptions { Home = _folder })),
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build());
}
