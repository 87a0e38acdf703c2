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
              "name": "t", "command": ["sh", "-c", "until test -e ${file}; do sleep 0.05; done; echo '{\"value\": 1}'"],
              "metric": {"name": "value", "goal": "minimize"}, "parameters": {"file": ["t.json", "go"]}
            }
            """);
        var process = _home.Start("sweep", file, "--workers", "1");
        using var program = new WatchedProgram(process);
        await program.SaysAsync(" completed in ");
        var loaded = File.ReadLines($"/proc/{process.Id}/maps").Where(line => line.Contains("OpenTelemetry", StringComparison.Ordinal)).ToArray();
        _home.Write("go", ""); // the second run has waited for it
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
