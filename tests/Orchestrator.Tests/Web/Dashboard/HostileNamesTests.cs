using Orchestrator.Storage;
using Orchestrator.Tests.Storage;
using static Orchestrator.Tests.Storage.StoreBuilders;

namespace Orchestrator.Tests.Web.Dashboard;

public sealed class HostileNamesTests : IAsyncLifetime
{
    private const string Script = "</title></textarea>\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
    private const string RightToLeft = "\u202Eevil";
    private static readonly string Hostile = Script + RightToLeft + "\0\e[2J %00 a/b?c#d&amp; " + new string('w', 10_000);

    private DashboardBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await DashboardBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Names_OfUsers_AreTextOnEveryPage()
    {
        var store = await _bench.StoreAsync();
        var key = await store.CreateSweepAsync(Sweep(metric: Metric.Minimize(Hostile)) with
        {
            Name = Hostile, Project = Hostile, Description = Hostile, File = Hostile, EndReason = Hostile, State = SweepState.Failed, Tags = [Hostile], Method = Hostile,
            Attributes = new Dictionary<string, ParameterValue> { [Hostile] = Hostile },
            Definition = $$"""{ "command": [{{System.Text.Json.JsonSerializer.Serialize(Hostile)}}], "parameters": { {{System.Text.Json.JsonSerializer.Serialize(Hostile)}}: [{{System.Text.Json.JsonSerializer.Serialize(Hostile)}}] } }""",
        });
        var reports = new ReportBuffer(new(key, 0), 1);
        reports.Append([new(Hostile, 0, 1, At(0)), new(Hostile, 1, 2, At(1))]);
        await store.AppendAsync(new RunQueued { Run = new(key, 0), Name = Hostile, Proposal = 0, Replicate = 0, Seed = 1, Parameters = new([new(Hostile, Hostile)]), At = At(0) });
        await store.AppendAsync(new AttemptStarted { Run = new(key, 0), Attempt = 1, Lease = 7, Worker = Hostile, Device = Hostile, At = At(1) });
        await store.TellAsync(Ended(key, 0, RunState.Failed, reports: reports, failure: Failure with { Type = Hostile, Message = Hostile, StackTrace = Hostile, Inner = [new(Hostile, Hostile, Hostile)] }));
        await store.RunAsync(key, 1, objective: 1);
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Home, "sweeps", "s1", "000000"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "run.log"), Hostile);

        foreach (var path in (string[])["sweeps", "sweeps?search=" + Uri.EscapeDataString(Script), "sweeps/s1", "sweeps/s1/runs/0", "sweeps/s1/runs/1", "sweeps/s1/card"])
        {
            var page = await _bench.ReadAsync(path);
            Assert.DoesNotContain("<script>alert", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain('\0', page);
            Assert.DoesNotContain('\e', page);
        }

        // Long names are cut, and marks of direction end with the name that has them.
        var list = await _bench.ReadAsync("sweeps");
        Assert.InRange(list.Length, 0, 60_000);
        Assert.Matches("<bdi title=\"[^\"]+\">&lt;/title&gt;", list);
    }
}
