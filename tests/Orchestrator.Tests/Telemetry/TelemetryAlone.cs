namespace Orchestrator.Tests.Telemetry;

/// <summary>Listeners hear the whole process: these tests run one after another, when all others are done.</summary>
[CollectionDefinition(nameof(TelemetryAlone), DisableParallelization = true)]
public sealed class TelemetryAlone;
