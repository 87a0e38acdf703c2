using System.Globalization;

namespace Orchestrator;

/// <summary>Reads a <see cref="ParameterValue"/> as a .NET type.</summary>
internal static class ParameterConversion
{
    public static T To<T>(ParameterValue value) => (T)To(value, typeof(T))!;

    public static object? To(ParameterValue value, Type type)
    {
        if (type == typeof(ParameterValue))
            return value;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return value.Kind == ParameterKind.Null ? null : To(value, inner);
        if (type == typeof(object))
            return Boxed(value);
        if (value.Kind == ParameterKind.Null && !type.IsValueType)
            return null;
        try
        {
            if (type == typeof(string))
                return value.ToString();
            if (type.IsEnum && value.Kind == ParameterKind.Text)
                return Enum.Parse(type, value.AsText(), ignoreCase: true);
            if (value.Kind == ParameterKind.List && ElementType(type) is { } element)
                return ToArray(value, element);
            if (type == typeof(bool))
                return value.AsBoolean();
            if (type == typeof(decimal) && value.Kind == ParameterKind.Integer)
                return (decimal)value.AsInt64();
            if (type == typeof(double) && value.Kind == ParameterKind.Integer && !IsExact(value.AsInt64()))
                throw new OverflowException("A double holds integers beyond 2^53 only if they are multiples of a power of two; read it as a long.");
            if (type == typeof(double) || type == typeof(float) || type == typeof(decimal))
                return Convert.ChangeType(value.AsDouble(), type, CultureInfo.InvariantCulture);
            if (type.IsPrimitive)
                return Convert.ChangeType(value.AsInt64(), type, CultureInfo.InvariantCulture);
        }
        catch (Exception cause) when (cause is ArgumentException or OverflowException or InvalidCastException)
        {
            throw new InvalidCastException($"The value {ParameterJson.ToJson(value)} ({value.Kind}) cannot be read as {type.Name}.{Reason(cause)}", cause);
        }

        throw new InvalidCastException($"The value {ParameterJson.ToJson(value)} ({value.Kind}) cannot be read as {type.Name}.");
    }

    // Compared as 128-bit integers: the cast of 2^63 back to a long would saturate and pass for exact.
    private static bool IsExact(long value) => (Int128)(double)value == value;

    private static string Reason(Exception cause) => cause is OverflowException ? " " + cause.Message : "";

    private static Type? ElementType(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && type.IsAssignableFrom(type.GetGenericArguments()[0].MakeArrayType())
            ? type.GetGenericArguments()[0]
            : null;
    }

    private static Array ToArray(ParameterValue value, Type element)
    {
        var array = Array.CreateInstance(element, value.Items.Count);
        for (var i = 0; i < array.Length; i++)
            array.SetValue(To(value.Items[i], element), i);
        return array;
    }

    private static object? Boxed(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Boolean => value.AsBoolean(),
        ParameterKind.Integer => value.AsInt64(),
        ParameterKind.Float => value.AsDouble(),
        ParameterKind.Text => value.AsText(),
        ParameterKind.List => value.Items.Select(Boxed).ToArray(),
        ParameterKind.Map => value.Entries.ToDictionary(e => e.Key, e => Boxed(e.Value)),
        _ => null,
    };
}
