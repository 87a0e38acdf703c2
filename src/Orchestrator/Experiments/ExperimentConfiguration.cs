using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Experiments;

/// <summary>An experiment's configuration as it is at one moment: what is stored, compared and shown of it.</summary>
internal sealed class ExperimentConfiguration
{
    private const int Digits = 16;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new RuntimeTypes() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RuntimeTypes.Widen } },
    };

    private ExperimentConfiguration(Type type, string name, ParameterValue value)
    {
        Definition = ParameterJson.ToJson(ParameterValue.FromMap([new("type", type.FullName ?? type.Name), new("configuration", value)]));
        var sorted = ParameterValue.FromMap([new("name", name), new("configuration", Sorted(value))]);
        Identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ParameterJson.ToJson(sorted))))[..Digits];
        Parameters = value.Kind == ParameterKind.Map ? new ParameterSet(Flat("", value)) : new ParameterSet([new("configuration", value)]);
    }

    /// <summary>Type and configuration, as JSON.</summary>
    public string Definition { get; }

    /// <summary>16 hexadecimal digits that depend on the experiment's name and every value of the configuration, not on the order of its members.</summary>
    public string Identity { get; }

    /// <summary>The configuration as parameters; a member of a nested object is <c>outer.inner</c>.</summary>
    public ParameterSet Parameters { get; }

    /// <exception cref="ArgumentException">It cannot be written as JSON; the message says why.</exception>
    public static ExperimentConfiguration Of<T>(string name, T configuration)
    {
        try
        {
            using var json = JsonSerializer.SerializeToDocument(configuration, configuration?.GetType() ?? typeof(T), Options);
            return new(typeof(T), name, Unnamed(ParameterValue.FromJson(json.RootElement)));
        }
        catch (Exception cause) // a getter may throw anything
        {
            throw new ArgumentException(
                $"The configuration {typeof(T).Name} of experiment '{name}' cannot be kept: it must be plain data that can be written as JSON. {cause.Message}",
                nameof(configuration),
                cause);
        }
    }

    /// <summary>The class of the whole is told by the experiment's name and kept beside: it is no parameter.</summary>
    private static ParameterValue Unnamed(ParameterValue value) =>
        value.Kind == ParameterKind.Map ? ParameterValue.FromMap(value.Entries.Where(e => e.Key != RuntimeTypes.TypeMember)) : value;

    private static ParameterValue Sorted(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Map => ParameterValue.FromMap(
            value.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Sorted(e.Value)))),
        ParameterKind.List => ParameterValue.FromList(value.Items.Select(Sorted)),
        _ => value,
    };

    private static IEnumerable<KeyValuePair<string, ParameterValue>> Flat(string prefix, ParameterValue map) => map.Entries.SelectMany(e =>
        e.Value.Kind == ParameterKind.Map && e.Value.Entries.Count > 0
            ? Flat(prefix + e.Key + ".", e.Value)
            : [KeyValuePair.Create(prefix + e.Key, e.Value)]);
}
