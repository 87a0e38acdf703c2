using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Orchestrator.Cli;
using Orchestrator.Cli.Telemetry;
using Orchestrator.Tests.Support;
using Orchestrator.Tests.Tracking.TensorBoard;

namespace Orchestrator.Tests.Telemetry;

[Collection(nameof(TelemetryAlone))]
public sealed class OtlpExportTests
{
    [Fact]
    public async Task Sweep_SwitchedOn_SpansAndMetricsReachTheCollector()
    {
        var received = new ConcurrentDictionary<string, ConcurrentQueue<Message>>();
        string? header = null;
        await using var collector = await LocalServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            header = context.Request.Headers["x-key"];
            received.GetOrAdd($"{context.Request.Path} {context.Request.ContentType}", _ => new()).Enqueue(new Message(body.ToArray()));
        });
        await using var bench = new SweepBench();
        string sweep;
        using (var export = OtlpExport.Start(Settings(("Endpoint", collector.Uri), ("Protocol", "http/protobuf"), ("Headers", "x-key=secret"))))
        {
            Assert.NotNull(export);
            sweep = (await bench.RunAsync(SweepBench.Definition(2), Support.TestRuns.Report)).Id;
        }

        Assert.Equal("secret", header);
        Assert.Equal(["/v1/metrics application/x-protobuf", "/v1/traces application/x-protobuf"], received.Keys.Order());
        // ExportTraceServiceRequest: resource_spans 1, scope_spans 2, spans 2; a span's name is 5, its id 2, its parent's 4.
        var spans = received["/v1/traces application/x-protobuf"].SelectMany(r => r.Messages(1)).SelectMany(r => r.Messages(2)).SelectMany(r => r.Messages(2)).ToArray();
        Assert.Equal(["attempt", "attempt", "run", "run", "sweep test"], spans.Select(s => s.Text(5)).Order());
        var root = spans.Single(s => s.Text(5) == "sweep test");
        Assert.All(spans.Where(s => s.Text(5) == "run"), run => Assert.Equal(root.Bytes(2), run.Bytes(4)));
        Assert.Contains(root.Messages(9), attribute => attribute.Text(1) == "orchestrator.sweep.id" && attribute.Messages(2).Single().Text(1) == sweep);
        // ExportMetricsServiceRequest: resource_metrics 1, scope_metrics 2, metrics 2; a metric's name is 1, its unit 3.
        var metrics = received["/v1/metrics application/x-protobuf"].SelectMany(r => r.Messages(1)).SelectMany(r => r.Messages(2)).SelectMany(r => r.Messages(2))
            .Select(m => (m.Text(1), m.Text(3))).ToArray();
        Assert.Contains(("orchestrator.runs", "{run}"), metrics);
        Assert.Contains(("orchestrator.attempt.duration", "s"), metrics);
        Assert.Contains(("orchestrator.slots", "{slot}"), metrics);
    }

    [Fact]
    public async Task Sweep_SwitchedOnWithoutAProtocol_SpeaksGrpc()
    {
        var paths = new ConcurrentQueue<string>();
        await using var collector = await LocalServer.StartAsync(
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                paths.Enqueue(context.Request.Path);
                context.Response.ContentType = "application/grpc";
                context.Response.AppendTrailer("grpc-status", "0");
                await context.Response.Body.WriteAsync(new byte[5]); // an empty message
            },
            HttpProtocols.Http2);
        await using var bench = new SweepBench();
        using (OtlpExport.Start(Settings(("Endpoint", collector.Uri))))
            await bench.RunAsync(SweepBench.Definition(1), Support.TestRuns.Report);
        Assert.Equal(
            ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"], paths.Distinct().Order());
    }

    [Fact]
    public async Task Sweep_CollectorIsAway_EndsAllTheSame()
    {
        await using var bench = new SweepBench();
        using (OtlpExport.Start(Settings(("Endpoint", "http://127.0.0.1:1"), ("Protocol", "http/protobuf"))))
            Assert.Equal(2, (await bench.RunAsync(SweepBench.Definition(2), Support.TestRuns.Report)).Counts.Completed);
    }

    [Fact]
    public void Start_NothingIsSet_IsOff() => Assert.Null(OtlpExport.Start(Settings(("Endpoint", ""))));

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", null, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", null, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "false", false)]
    [InlineData("OTHER", "true", true)]
    [InlineData("OTHER", null, false)]
    public void Read_VariableOrSwitch_Decides(string variable, string? enabled, bool on)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
            [new(variable, "http://localhost:4318"), new("Orchestrator:Telemetry:Otlp:Enabled", enabled)]).Build();
        Assert.Equal(on, OtlpSettings.Read(settings) is not null);
    }

    [Theory]
    [InlineData("Endpoint", "localhost:4317", "an address such as http://localhost:4317; got 'localhost:4317'")]
    [InlineData("Protocol", "carrier pigeon", "grpc or http/protobuf; got 'carrier pigeon'")]
    [InlineData("Enabled", "perhaps", "true or false; got 'perhaps'")]
    public void Read_WrongValue_SaysWhatIsExpected(string name, string value, string message)
    {
        var settings = Settings(("Endpoint", "http://localhost:4317"), (name, value));
        var error = Assert.Throws<CliException>(() => OtlpSettings.Read(settings));
        Assert.Contains($"'Orchestrator:Telemetry:Otlp:{name}' must be {message}", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] otlp)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (name, value) in otlp)
            settings["Orchestrator:Telemetry:Otlp:" + name] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
