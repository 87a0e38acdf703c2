using System.Text.Json;
using Orchestrator.Configuration;

namespace Orchestrator.Presentation;

/// <summary>Tells the parameters of a sweep that vary from those that are always the same: a table needs a column for the former only.</summary>
internal static class ParameterSplit
{
    /// <summary>The names of the parameters that have one value only.</summary>
    public static IReadOnlySet<string> Constants(SweepDefinition definition) => Constants(SweepFileWriter.ToJson(definition));

    /// <summary>As the other overload, for a definition as it is stored, which this program need not be able to run.</summary>
    public static IReadOnlySet<string> Constants(string definition)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(definition);
        if (document.RootElement.TryGetProperty("parameters", out var parameters))
            Collect(parameters, "", found);
        return found;
    }

    /// <summary>The constants as text, and the names of the others in order.</summary>
    public static (string Constants, IReadOnlyList<string> Varying) Of(IReadOnlyList<ParameterSet> sets, IReadOnlySet<string> constants)
    {
        var names = sets.SelectMany(s => s.Names).Distinct(StringComparer.Ordinal).ToList();
        var always = names.Where(n => constants.Contains(n) && sets.All(s => s.Contains(n))).ToList();
        return (sets.Count == 0 ? "" : Human.Parameters(sets[0].Where(p => always.Contains(p.Key))), [.. names.Except(always)]);
    }

    /// <summary>A parameter's value; a dash where it is not active.</summary>
    public static string Cell(ParameterSet set, string name) => set.TryGetValue(name, out var value) ? Human.Value(value) : "-";

    private static void Collect(JsonElement parameters, string prefix, HashSet<string> found)
    {
        foreach (var parameter in parameters.EnumerateObject())
        {
            var (name, value) = (prefix + parameter.Name, parameter.Value);
            var isGroup = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("parameters", out _);
            if (isGroup)
                Collect(value.GetProperty("parameters"), name + ".", found);
            if (IsConstant(value)) // a group may have values of its own
                found.Add(name);
        }
    }

    private static bool IsConstant(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 1,
        JsonValueKind.Object => value.TryGetProperty("value", out _) || (value.TryGetProperty("values", out var values) && IsConstant(values)),
        _ => true,
    };
}
