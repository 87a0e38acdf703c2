using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>A <see cref="ParameterValue"/> as the JSON value that it holds. A float keeps its point, so that it is read back as a float.</summary>
public sealed class ParameterValueJsonConverter : JsonConverter<ParameterValue>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ParameterValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ParameterJson.Read(JsonElement.ParseValue(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ParameterValue value, JsonSerializerOptions options) => ParameterJson.Write(writer, value);
}

/// <summary>A <see cref="ParameterSet"/> as one JSON object of names to values, in order.</summary>
public sealed class ParameterSetJsonConverter : JsonConverter<ParameterSet>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The JSON is no object.</exception>
    public override ParameterSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ParameterSet.FromJson(JsonElement.ParseValue(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ParameterSet value, JsonSerializerOptions options) => value.WriteTo(writer);
}
