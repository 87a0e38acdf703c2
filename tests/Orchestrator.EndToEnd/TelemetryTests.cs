using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The real program pays for OpenTelemetry only where it is switched on.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_ExportIsOffOrOn_LoadsOpenTelemetryOnlyIfItIsOn(bool on)
    {
        // Nobody listens at this address: the sweep must end well all the same.
        if (on)
            _home.Write("appsettings.json", """{"Orchestrator": {"Telemetry": {"Otlp": {"Endpoint": "http://127.0.0.1:1", "Protocol": "http/protobuf"}}}}""");
        var file = _home.Write("t.json", """
            {
              "name": "t", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "random",
              "parameters": {"x": {"min": 0.0, "max": 1.0}, "sleep": 0.5}, "limits": {"maxRuns": 4}
            }
            """);
        var process = _home.Start("sweep", file, "--workers", "1");
        using var program = new WatchedProgram(process);
        await program.SaysAsync(" completed in ");
        var loaded = File.ReadLines($"/proc/{process.Id}/maps").Where(line => line.Contains("OpenTelemetry", StringComparison.Ordinal)).ToArray();
        Assert.Equal(0, await program.EndAsync());

        if (on)
            Assert.Contains(loaded, line => line.EndsWith("/OpenTelemetry.Exporter.OpenTelemetryProtocol.dll", StringComparison.Ordinal));
        else
            Assert.Empty(loaded);
    }

    [Fact]
    public async Task Command_ExportIsOn_IsToldItsAttempt()
    {
        _home.Write("appsettings.json", """{"Orchestrator": {"Telemetry": {"Otlp": {"Endpoint": "http://127.0.0.1:1", "Protocol": "http/protobuf"}}}}""");
        var file = _home.Write("c.yaml", """
            command: [sh, -c, "echo trace=$TRACEPARENT; echo '{\"loss\": 1}'"]
            metric: {name: loss, goal: minimize}
            parameters: {x: 1}
            """);

        var swept = await _home.RunAsync("sweep", file);
        var logged = await _home.RunAsync("logs", "0");

        Assert.True(swept.ExitCode == 0, swept.Error);
        Assert.Matches("trace=00-[0-9a-f]{32}-[0-9a-f]{16}-01", logged.Output);
    }
}
