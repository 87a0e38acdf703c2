using System.Text.Json;

namespace Orchestrator.Presentation;

/// <summary>A parameter of a search space in words.</summary>
/// <param name="Name">Its name; that of a parameter in a group is <c>group.name</c>.</param>
/// <param name="Values">What it may be: <c>16, 32, 64</c>, <c>0.0001 to 0.1, log</c>.</param>
/// <param name="Condition">When it is there; <see langword="null"/>: always.</param>
internal sealed record SpaceEntry(string Name, string Values, string? Condition);

/// <summary>Puts the parameters of a stored definition into words. This program need not be able to run the definition.</summary>
internal static class SpaceText
{
    private const int MostValues = 12;

    public static IReadOnlyList<SpaceEntry> Of(string definition)
    {
        var entries = new List<SpaceEntry>();
        using var document = JsonDocument.Parse(definition);
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("parameters", out var parameters)
            && parameters.ValueKind == JsonValueKind.Object)
            Collect(parameters, "", null, entries);
        return entries;
    }

    private static void Collect(JsonElement parameters, string prefix, string? condition, List<SpaceEntry> entries)
    {
        foreach (var parameter in parameters.EnumerateObject())
        {
            var (name, value) = (prefix + parameter.Name, parameter.Value);
            var when = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("when", out var own) ? Both(condition, When(own)) : condition;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("parameters", out var group))
                Collect(group, name + ".", when, entries);
            else
                entries.Add(new SpaceEntry(name, Values(value), when));
        }
    }

    private static string Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => List(value),
        JsonValueKind.Object when value.TryGetProperty("values", out var values) => List(values) + (value.TryGetProperty("weights", out var weights) ? $", weighted {List(weights)}" : ""),
        JsonValueKind.Object when value.TryGetProperty("value", out var constant) => Scalar(constant),
        JsonValueKind.Object when value.TryGetProperty("min", out var least) && value.TryGetProperty("max", out var most) => $"{Scalar(least)} to {Scalar(most)}{Range(value)}",
        JsonValueKind.Object when value.TryGetProperty("mean", out var mean) && value.TryGetProperty("stddev", out var deviation) =>
            $"{(value.TryGetProperty("distribution", out var law) ? Scalar(law) : "normal")}, mean {Scalar(mean)}, standard deviation {Scalar(deviation)}",
        _ => Scalar(value),
    };

    private static string Range(JsonElement range)
    {
        var log = range.TryGetProperty("log", out var isLog) && isLog.ValueKind == JsonValueKind.True ? ", log" : "";
        var step = range.TryGetProperty("step", out var by) ? $", step {Scalar(by)}" : "";
        return log + step + (range.TryGetProperty("points", out var points) ? $", {Scalar(points)} points" : "");
    }

    private static string List(JsonElement values)
    {
        var shown = string.Join(", ", values.EnumerateArray().Take(MostValues).Select(Scalar));
        return values.GetArrayLength() <= MostValues ? shown : $"{shown}, ... ({Human.Count(values.GetArrayLength())} values)";
    }

    private static string When(JsonElement condition) => string.Join(
        " and ",
        condition.EnumerateObject().Select(c => c.Value.ValueKind == JsonValueKind.Array ? $"{c.Name} is one of {List(c.Value)}" : $"{c.Name} is {Scalar(c.Value)}"));

    private static string? Both(string? outer, string inner) => outer is null ? inner : $"{outer} and {inner}";

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
