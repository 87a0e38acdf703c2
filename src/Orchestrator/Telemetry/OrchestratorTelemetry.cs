namespace Orchestrator;

/// <summary>
/// What the orchestrator tells of itself while it works, for OpenTelemetry, <c>dotnet-counters</c> or any listener: docs/telemetry.md lists
/// every span and metric. Nobody listens: it costs next to nothing.
/// </summary>
public static class OrchestratorTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>: <c>tracing.AddSource(OrchestratorTelemetry.SourceName)</c>.</summary>
    public const string SourceName = "Orchestrator";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>: <c>metrics.AddMeter(OrchestratorTelemetry.MeterName)</c>.</summary>
    public const string MeterName = "Orchestrator";
}
