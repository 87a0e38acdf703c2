using System.Text.Json.Serialization;

namespace Orchestrator.Storage.Sqlite;

/// <summary>JSON of what is stored as one value.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunFailure))]
[JsonSerializable(typeof(Dictionary<string, MetricSummary>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
internal sealed partial class StoreJson : JsonSerializerContext;
