using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Configuration;

/// <summary>Tells whether two sweeps are the same search.</summary>
internal static class SweepIdentity
{
    private const int Digits = 16;

    /// <summary>
    /// 16 hexadecimal digits that depend on the trainable, the space with what is excluded and included, the method, the metric and
    /// the seeds; not on labels, limits, resources, trackers, timeout, retry and failure policies, nor on how the file is written.
    /// The order of parameters, of their values and of includes has meaning; that of other keys, excludes and constraints has none.
    /// </summary>
    /// <param name="definition">The sweep.</param>
    /// <param name="delegateName">What stands for the trainable where a delegate is executed.</param>
    public static string Of(SweepDefinition definition, string? delegateName = null)
    {
        var file = SweepDocument.Of(definition).ToValue().Entries.ToDictionary(e => e.Key, e => e.Value);
        var map = new MapBuilder();
        map.Add("delegate", definition.Trainable is null && definition.Command.Count == 0 ? delegateName : null);
        foreach (var key in (ReadOnlySpan<string>)["trainable", "command", "metric", "zip", "replicates", "seeds", "seed"])
            map.Add(key, file.GetValueOrDefault(key));
        map.Add("method", Sorted(file["method"]));
        map.Add("parameters", WithSortedConditions(file.GetValueOrDefault("parameters")));
        map.AddList("include", definition.Include.Select(i => Sorted(ParameterValue.FromMap(i))));
        map.AddList("exclude",
            definition.Exclude.Select(e => Sorted(ParameterValue.FromMap(e))).OrderBy(e => e.ToString(), StringComparer.Ordinal));
        map.AddList("constraints", definition.Constraints.Order(StringComparer.Ordinal).Select(c => (ParameterValue)c));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(ParameterJson.ToJson(map.Build())));
        return Convert.ToHexStringLower(hash)[..Digits];
    }

    private static ParameterValue Sorted(ParameterValue value) => value.Kind == ParameterKind.Map
        ? ParameterValue.FromMap(value.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        : value;

    /// <summary>Sorts the keys of each 'when', also of nested groups; everything else keeps its order.</summary>
    private static ParameterValue WithSortedConditions(ParameterValue parameters) =>
        ParameterValue.FromMap(parameters.Entries.Select(p => KeyValuePair.Create(p.Key, p.Value.Kind != ParameterKind.Map
            ? p.Value
            : ParameterValue.FromMap(p.Value.Entries.Select(e => KeyValuePair.Create(e.Key, e.Key switch
            {
                "when" => Sorted(e.Value),
                "parameters" => WithSortedConditions(e.Value),
                _ => e.Value,
            }))))));
}
