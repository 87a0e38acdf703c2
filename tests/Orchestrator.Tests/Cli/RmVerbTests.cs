using Orchestrator.Cli;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Cli;

public sealed class RmVerbTests : IAsyncLifetime
{
    private readonly CliBench _bench = new();

    public async ValueTask InitializeAsync() => await DemoStore.CreateAsync(_bench.Home);

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Fact]
    public async Task Rm_Sweep_TakesItsFolderAlong_AndLeavesTheOther()
    {
        var (gone, kept) = (Folder(DemoStore.Id), Folder(DemoStore.Other));
        Directory.CreateDirectory(Path.Combine(gone, "000001"));
        Directory.CreateDirectory(kept);
        await File.WriteAllTextAsync(Path.Combine(gone, "000001", "run.log"), "log");
        var run = await _bench.RunAsync("rm", "demo", "--yes", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal([DemoStore.Id], run.Json.GetProperty("removed").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal((false, true), (Directory.Exists(gone), Directory.Exists(kept)));
        Assert.Equal([DemoStore.Other], (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").EnumerateArray().Select(s => s.GetProperty("id").GetString()));
        Assert.Equal(2, (await _bench.RunAsync("runs", "--json")).Json.GetProperty("runs").GetArrayLength());
        Assert.Equal(2, (await _bench.RunAsync("runs", DemoStore.Id)).Code);
    }

    [Fact]
    public async Task Rm_SweepBeingExecuted_ExitsWith6_AndRemovesNothing()
    {
        using var elsewhere = SweepLock.TryTake(Folder(DemoStore.Id));
        var run = await _bench.RunAsync("rm", DemoStore.Other, DemoStore.Id, "--yes", "--json");
        Assert.Equal(6, run.Code);
        Assert.Equal("busy", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetArrayLength());
    }

    [Fact]
    public async Task Rm_SlipInOneName_RemovesNothing()
    {
        var run = await _bench.RunAsync("rm", DemoStore.Other, "dmeo", "--yes");
        Assert.Equal(2, run.Code);
        Assert.Contains("Did you mean 'demo'?", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetArrayLength());
    }

    [Theory]
    [InlineData("y", 0, 1)]
    [InlineData("Yes", 0, 1)]
    [InlineData("n", 2, 2)]
    [InlineData("", 2, 2)]
    public async Task Rm_OnATerminal_Asks(string answer, int code, int left)
    {
        using var error = new StringWriter();
        using var answers = new StringReader(answer + "\n");
        var console = new CliConsole(TextWriter.Null, error, () => Stream.Null, _ => null) { In = answers, IsInTerminal = true, IsErrorTerminal = true };
        Assert.Equal(code, await new CliApp(console, null).RunAsync(["rm", "demo", "--home", _bench.Home]));
        Assert.Contains("[y/N]", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(left, (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetArrayLength());
    }

    [Fact]
    public async Task Rm_FolderLeftOverByACrash_GoesWithTheNext_ButNoOther()
    {
        var (leftOver, nobodys) = (Folder("20250101-000000-gone"), Folder("20250101-000000-kept"));
        Directory.CreateDirectory(leftOver);
        Directory.CreateDirectory(nobodys);
        await File.WriteAllTextAsync(Path.Combine(leftOver, ".removed"), "");
        Assert.Contains("20250101-000000-gone", (await _bench.RunAsync("doctor")).Out, StringComparison.Ordinal);
        await _bench.RunAsync("rm", DemoStore.Other, "--yes");
        Assert.Equal((false, true), (Directory.Exists(leftOver), Directory.Exists(nobodys)));
    }

    private string Folder(string sweep) => Path.Combine(_bench.Home, "sweeps", sweep);
}
