using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Experiments;

/// <summary>
/// Configurations as they are, not as they are declared: where a member is declared as an interface or a base class, what the object itself has
/// is written, and the name of its class as <c>$type</c>. Two optimizers with the same members are two configurations.
/// </summary>
internal sealed class RuntimeTypes : JsonConverterFactory
{
    public const string TypeMember = "$type";

    /// <summary>Members that are declared as a base class are written by what they hold; derived classes get their name.</summary>
    public static void Widen(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !IsUsers(info.Type))
            return;
        for (var i = 0; i < info.Properties.Count; i++)
        {
            var narrow = info.Properties[i];
            if (narrow.CustomConverter is not null || narrow.IsExtensionData || narrow.Get is null || !IsUsers(narrow.PropertyType) || narrow.PropertyType.IsAbstract || narrow.PropertyType.IsSealed)
                continue;
            var wide = info.CreateJsonPropertyInfo(typeof(object), narrow.Name);
            (wide.Get, wide.ShouldSerialize, wide.Order) = (narrow.Get, narrow.ShouldSerialize, narrow.Order);
            info.Properties[i] = wide;
        }

        if (!IsDerived(info.Type) || info.Properties.Any(p => p.Name == TypeMember))
            return;
        var name = info.CreateJsonPropertyInfo(typeof(string), TypeMember);
        (name.Get, name.Order) = (static value => value.GetType().Name, int.MinValue);
        info.Properties.Add(name);
    }

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAbstract && IsUsers(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(AsItIs<>).MakeGenericType(typeToConvert))!;

    private static bool IsUsers(Type type) =>
        (type.IsClass || type.IsInterface)
        && type.Namespace?.Split('.')[0] is not ("System" or "Microsoft")
        && !typeof(IEnumerable).IsAssignableFrom(type)
        && !type.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false)
        && !type.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false)
        && !type.IsDefined(typeof(JsonConverterAttribute), inherit: false);

    private static bool IsDerived(Type type) => type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) || Array.Exists(type.GetInterfaces(), IsUsers);

    private sealed class AsItIs<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value!.GetType(), options);
    }
}
