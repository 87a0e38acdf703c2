using Microsoft.Extensions.Configuration;

namespace Orchestrator.Cli.Telemetry;

/// <summary>Where spans and metrics are sent, from section <c>Orchestrator:Telemetry:Otlp</c>. What is not given there, OpenTelemetry's own variables say.</summary>
/// <param name="Endpoint">The collector's address; <see langword="null"/>: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
/// <param name="IsHttp">HTTP with protobuf, else gRPC; <see langword="null"/>: <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>.</param>
/// <param name="Headers"><c>name=value,name=value</c>; <see langword="null"/>: <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</param>
internal sealed record OtlpSettings(Uri? Endpoint, bool? IsHttp, string? Headers)
{
    private const string Section = OrchestratorOptions.Section + ":Telemetry:Otlp";
    private static readonly string[] Switches = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>The settings; <see langword="null"/>: nothing is sent, since neither the settings nor a variable name an address.</summary>
    /// <exception cref="CliException">A setting has a value that it cannot have.</exception>
    public static OtlpSettings? Read(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        var (endpoint, protocol, enabled) = (Given("Endpoint"), Given("Protocol"), Given("Enabled"));
        if (enabled is not null && !bool.TryParse(enabled, out _))
            throw Wrong("Enabled", "true or false", enabled);
        var isOn = enabled is null
            ? endpoint is not null || Switches.Any(name => !string.IsNullOrWhiteSpace(settings[name]))
            : bool.Parse(enabled);
        if (!isOn)
            return null;
        Uri? address = null;
        if (endpoint is not null && (!Uri.TryCreate(endpoint, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
            throw Wrong("Endpoint", "an address such as http://localhost:4317", endpoint);
        return protocol is null or "grpc" or "http/protobuf"
            ? new OtlpSettings(address, protocol is null ? null : protocol == "http/protobuf", Given("Headers"))
            : throw Wrong("Protocol", "grpc or http/protobuf", protocol);

        string? Given(string name) => section[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    private static CliException Wrong(string name, string expected, string got) =>
        new("settings", $"The setting '{Section}:{name}' must be {expected}; got '{got}'.");
}
