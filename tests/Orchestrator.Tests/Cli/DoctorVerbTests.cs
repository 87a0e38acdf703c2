using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli;
using Orchestrator.Cli.Settings;
using Orchestrator.Diagnostics;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Cli;

public sealed class DoctorVerbTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Doctor_NewHome_IsWell_AndMakesNothing()
    {
        var run = await _bench.RunAsync("doctor", "--json");
        Assert.Equal(0, run.Code);
        var findings = run.Json.GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings, f => Assert.Equal("check status message remedy", CliRun.Names(f)));
        Assert.Equal(
            ["home", "database", "sweeps", "steering", "clock", "machine", "gpus", "pools", "registered", "serve", "settings"],
            findings.Select(f => f.GetProperty("check").GetString()).Distinct());
        Assert.False(Directory.Exists(_bench.Home));
        var text = (await _bench.RunAsync("doctor")).Out;
        Assert.Contains("ok, talks, partly, never", text, StringComparison.Ordinal);
        Assert.Matches(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", text);
        Assert.Contains("then the environment, then the command line", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, 64, DoctorStatus.Ok, "1024 open files for this process, enough for 96 runs at once")]
    [InlineData(1024, 97, DoctorStatus.Warning, "1024 open files for this process are few: 97 runs at once may take 1032")]
    [InlineData(null, 97, DoctorStatus.Ok, "no limit of open files is known")]
    public void Doctor_OpenFiles_AreComparedWithTheRunsAtOnce(int? limit, int workers, DoctorStatus status, string message)
    {
        var finding = MachineCheck.Files(limit, workers);

        Assert.Equal((status, message), (finding.Status, finding.Message));
        Assert.Equal(status == DoctorStatus.Ok, finding.Remedy is null);
    }

    [Fact]
    public async Task Doctor_Database_IsMeasured()
    {
        await DemoStore.CreateAsync(_bench.Home);
        var text = (await _bench.RunAsync("doctor")).Out;
        Assert.Contains("2 sweeps, 32 runs", text, StringComparison.Ordinal);
        Assert.Contains("whole (quick_check)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_DamagedDatabase_IsAnError()
    {
        await DemoStore.CreateAsync(_bench.Home);
        var database = Path.Combine(_bench.Home, "orchestrator.db");
        var bytes = await File.ReadAllBytesAsync(database);
        bytes.AsSpan(bytes.Length - 4096).Fill(0xAB); // a page of some table
        await File.WriteAllBytesAsync(database, bytes);
        var run = await _bench.RunAsync("doctor");
        Assert.Equal(1, run.Code);
        Assert.Matches("(?m)^database .*(\n.*)*error +(damaged: |.*malformed)", run.Out);
        Assert.Contains("1 error", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_NotADatabase_IsAnError_AndStaysAsItWas()
    {
        Directory.CreateDirectory(_bench.Home);
        var database = Path.Combine(_bench.Home, "orchestrator.db");
        await File.WriteAllTextAsync(database, new string('x', 5000));
        Assert.Equal(1, (await _bench.RunAsync("doctor")).Code);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(database));
    }

    [Fact]
    public async Task Doctor_HomeThatCannotBeMade_IsAnError()
    {
        var file = _bench.Write("a file", "file");
        using var output = new StringWriter();
        var console = new CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null);
        Assert.Equal(1, await new CliApp(console, null).RunAsync(["doctor", "--home", Path.Combine(file, "home")]));
        Assert.Contains("cannot be written", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_SweepThatEndedWithoutAWord_SaysHowToResume()
    {
        await DemoStore.CreateAsync(_bench.Home);
        await using (var store = await DemoStore.OpenAsync(_bench.Home))
        {
            var (key, _) = (await store.FindSweepAsync(DemoStore.Other))!.Value;
            await store.AppendAsync(new Orchestrator.Storage.SweepChanged { Sweep = key, State = SweepState.Running, At = DateTimeOffset.UnixEpoch });
        }

        var run = await _bench.RunAsync("doctor");
        Assert.Equal(0, run.Code);
        Assert.Contains($"resume {DemoStore.Other}", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("0 errors, 1 warning.\n", run.Out, StringComparison.Ordinal);
        using var elsewhere = SweepLock.TryTake(Path.Combine(_bench.Home, "sweeps", DemoStore.Other));
        Assert.Contains($"being executed: {DemoStore.Other}", (await _bench.RunAsync("doctor")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_CheckOfAProgramThatThrows_HidesNoOther()
    {
        using var output = new StringWriter();
        var console = new CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null);
        var code = await new CliApp(console, app => app.Services.AddSingleton<IDoctorCheck, Broken>()).RunAsync(["doctor", "--home", _bench.Home]);
        Assert.Equal(1, code);
        Assert.Contains("the check itself failed: no luck (NotSupportedException)", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("settings", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_ThatAreSecret_AreNotShown()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orchestrator:Workers"] = "3",
            ["Orchestrator:Telemetry:Otlp:Headers"] = "x-api-key=hush",
            ["Orchestrator:Storage:ConnectionString"] = "Password=hush",
        }).Build();
        var check = new SettingsCheck(settings);

        var said = string.Join('\n', (await check.CheckAsync(TestContext.Current.CancellationToken)).Select(f => f.Message));

        Assert.DoesNotContain("hush", said, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Otlp:Headers=(set, not shown), Workers=3", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_WrongInput_ExitsWith2()
    {
        var run = await _bench.RunAsync("doctor", "--jsn");
        Assert.Equal(2, run.Code);
        Assert.Contains("'--json'", run.Error, StringComparison.Ordinal);
    }

    private sealed class Broken : IDoctorCheck
    {
        public string Name => "broken";

        public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException("no luck");
    }
}
