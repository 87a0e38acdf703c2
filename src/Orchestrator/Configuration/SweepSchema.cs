using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Configuration;

/// <summary>The JSON Schema (draft 2020-12) of sweep files, for editors. Made from the vocabulary that the validator uses.</summary>
internal static class SweepSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as JSON text that ends with a line break.</summary>
    /// <param name="catalog">Its trainables and trackers are shown as examples; <see langword="null"/>: the bundled ones.</param>
    public static string Generate(ISweepCatalog? catalog = null)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A sweep of Orchestrator",
            ["description"] = "One search over hyperparameters. Keys that are not built yet are left out.",
        };
        foreach (var (key, value) in SchemaShapes.Of(SweepVocabulary.Root).ToArray())
            schema[key] = value?.DeepClone();
        if (catalog is not null)
        {
            SetExamples(schema, "trainable", catalog.Trainables.Select(t => t.Name));
            SetExamples(schema, "trackers", catalog.Trackers.Select(t => t.Name));
        }

        schema["$defs"] = new JsonObject
        {
            ["parameters"] = SchemaShapes.Of(ParameterVocabulary.Collection),
            ["parameter"] = SchemaShapes.Of(ParameterVocabulary.Parameter),
        };
        return schema.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
    }

    private static void SetExamples(JsonObject schema, string key, IEnumerable<string> names) =>
        schema["properties"]![key]!["examples"] = SchemaShapes.Examples(key, names.Order(StringComparer.Ordinal));
}
