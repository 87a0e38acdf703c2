using System.Text.Json.Nodes;

namespace Orchestrator.Configuration;

/// <summary>Shapes as JSON Schema.</summary>
internal static class SchemaShapes
{
    private const string DurationPattern =
        @"^\s*([0-9]+(\.[0-9]+)?d\s*)?([0-9]+(\.[0-9]+)?h\s*)?([0-9]+(\.[0-9]+)?m\s*)?([0-9]+(\.[0-9]+)?s\s*)?([0-9]+(\.[0-9]+)?ms\s*)?$";

    private const string SizePattern = @"^\s*[0-9]+(\.[0-9]+)?\s*([KkMmGgTt][Ii]?)?[Bb]\s*$";

    public static JsonObject Of(Shape shape) => shape switch
    {
        TextShape { AllowEmpty: true } => Typed("string"),
        TextShape { Suggested.Count: > 0 } text => new JsonObject { ["enum"] = List(text.Suggested) },
        TextShape => Typed("string", ("pattern", @"\S")),
        BooleanShape => Typed("boolean"),
        IntegerShape range => OfInteger(range),
        NumberShape range => double.IsNegativeInfinity(range.Min)
            ? Typed("number")
            : Typed("number", (range.Above ? "exclusiveMinimum" : "minimum", range.Min)),
        NumberOrWordShape either => AnyOf([Of(new NumberShape(either.Min)), Of(new WordShape(either.Word))]),
        DurationShape duration => new JsonObject
        {
            ["anyOf"] = new JsonArray(
                Typed("string", ("pattern", DurationPattern), ("minLength", 2)),
                Typed("number", (duration.AllowZero ? "minimum" : "exclusiveMinimum", 0))),
        },
        SizeShape => Typed("string", ("pattern", SizePattern)),
        WordShape words => new JsonObject { ["enum"] = List(words.Words) },
        ScalarShape => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        AnyShape => [],
        NamedShape named => new JsonObject { ["$ref"] = "#/$defs/" + named.Name },
        ListShape list => OfList(list),
        MapShape map => OfMap(map),
        ObjectShape keys => OfObject(keys),
        KindShape kinds => AnyOf(new[] { kinds.Scalar, kinds.List, kinds.Mapping }.OfType<Shape>().Select(Alternative)),
        VariantShape variants => AnyOf(Variants(variants)),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "This shape has no schema."),
    };

    /// <summary>Names as examples of a key's values.</summary>
    public static JsonArray Examples(string key, IEnumerable<string> names) =>
        key == "trackers" ? new JsonArray(List(names)) : List(names);

    private static JsonObject Alternative(Shape shape) => shape switch
    {
        // A list and a mapping of anything still are a list and a mapping.
        AnyShape => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") },
        _ => Of(shape),
    };

    private static JsonObject OfList(ListShape list)
    {
        var schema = Typed("array", ("items", Of(list.Item)));
        if (list.MinItems > 0)
            schema["minItems"] = list.MinItems;
        if (list.MaxItems < int.MaxValue)
            schema["maxItems"] = list.MaxItems;
        return schema;
    }

    private static JsonObject OfMap(MapShape map)
    {
        var schema = Typed("object", ("additionalProperties", Of(map.Value)));
        if (map.MinItems > 0)
            schema["minProperties"] = map.MinItems;
        return schema;
    }

    private static JsonObject OfObject(ObjectShape shape)
    {
        var properties = new JsonObject();
        foreach (var key in shape.Keys.Concat(shape.OthersShown).Where(k => k.NotBuilt is null))
            properties[key.Name] = OfKey(key);
        var schema = Typed("object", ("properties", properties));
        var required = shape.Keys.Where(k => k.IsRequired).Select(k => k.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = List(required);
        schema["additionalProperties"] = shape.Others is null || shape.OthersShown.Count > 0 ? false : Of(shape.Others);
        return schema;
    }

    private static JsonObject OfKey(KeyInfo key)
    {
        var schema = new JsonObject { ["description"] = key.Description };
        foreach (var (name, value) in Of(key.Shape).ToArray())
            schema[name] = value?.DeepClone();
        if (key.Default is { } standard)
            schema["default"] = JsonNode.Parse(ParameterJson.ToJson(standard));
        if (key.Examples.Count > 0)
            schema["examples"] = Examples(key.Name, key.Examples);
        return schema;
    }

    private static IEnumerable<JsonObject> Variants(VariantShape shape) =>
        shape.Variants.Select(v => Of(v with { Keys = [.. v.Keys, .. v == shape.Beside ? [] : Optional(shape.Beside), .. shape.Common] }));

    private static IEnumerable<KeyInfo> Optional(ObjectShape? shape) => (shape?.Keys ?? []).Select(k => k with { IsRequired = false });

    private static JsonObject AnyOf(IEnumerable<JsonObject> alternatives)
    {
        // Alternatives of alternatives stand beside the others: shorter, and editors say better what they expect.
        var flat = alternatives
            .SelectMany(a => a is { Count: 1 } && a["anyOf"] is JsonArray inner ? inner.Select(i => i!.DeepClone()) : [a])
            .ToArray();
        return flat is [JsonObject only] ? only : new JsonObject { ["anyOf"] = new JsonArray(flat) };
    }

    private static JsonObject OfInteger(IntegerShape range)
    {
        var schema = Typed("integer");
        if (range.Min > long.MinValue)
            schema["minimum"] = range.Min;
        if (range.Max < long.MaxValue)
            schema["maximum"] = range.Max;
        return schema;
    }

    private static JsonObject Typed(string type, params ReadOnlySpan<(string Key, JsonNode? Value)> more)
    {
        var schema = new JsonObject { ["type"] = type };
        foreach (var (key, value) in more)
            schema[key] = value;
        return schema;
    }

    private static JsonArray List(IEnumerable<string> words) => [.. words.Select(w => (JsonNode)w)];
}
