using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ParameterKind
{
    /// <summary>No value (JSON <c>null</c>).</summary>
    Null,

    /// <summary><see langword="true"/> or <see langword="false"/>.</summary>
    Boolean,

    /// <summary>A 64-bit signed integer.</summary>
    Integer,

    /// <summary>A double-precision number.</summary>
    Float,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An ordered list of values.</summary>
    List,

    /// <summary>An ordered mapping of names to values.</summary>
    Map,
}

/// <summary>
/// One value of a hyperparameter: a JSON value that knows whether a number was written as an integer or as a float.
/// Immutable. Integers and floats that are numerically equal are equal (<c>1 == 1.0</c>).
/// </summary>
[JsonConverter(typeof(ParameterValueJsonConverter))]
public readonly struct ParameterValue : IEquatable<ParameterValue>
{
    private readonly object? _reference;
    private readonly long _bits;

    private ParameterValue(ParameterKind kind, long bits, object? reference) => (Kind, _bits, _reference) = (kind, bits, reference);

    /// <summary>What this value holds.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The absent value.</summary>
    public static ParameterValue Null => default;

    /// <summary>Whether this is an <see cref="ParameterKind.Integer"/> or a <see cref="ParameterKind.Float"/>.</summary>
    public bool IsNumber => Kind is ParameterKind.Integer or ParameterKind.Float;

    /// <summary>The items of a <see cref="ParameterKind.List"/>; empty for every other kind.</summary>
    public IReadOnlyList<ParameterValue> Items => _reference as ParameterValue[] ?? [];

    /// <summary>The entries of a <see cref="ParameterKind.Map"/>, in order; empty for every other kind.</summary>
    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Entries => _reference as KeyValuePair<string, ParameterValue>[] ?? [];

    /// <summary>A boolean value.</summary>
    public static implicit operator ParameterValue(bool value) => new(ParameterKind.Boolean, value ? 1 : 0, null);

    /// <summary>An integer value.</summary>
    public static implicit operator ParameterValue(int value) => new(ParameterKind.Integer, value, null);

    /// <summary>An integer value.</summary>
    public static implicit operator ParameterValue(long value) => new(ParameterKind.Integer, value, null);

    /// <summary>An integer value. Without this operator, C# would convert to <see cref="double"/> and round.</summary>
    /// <exception cref="OverflowException">The value is above <see cref="long.MaxValue"/>.</exception>
    public static implicit operator ParameterValue(ulong value) => value <= long.MaxValue
        ? (long)value
        : throw new OverflowException($"The integer {value} is above {long.MaxValue}, the largest that a parameter holds exactly. Pass a double or text instead.");

    /// <summary>Text of one character. Without this operator, C# would convert to the character's number.</summary>
    public static implicit operator ParameterValue(char value) => value.ToString();

    /// <summary>A float value.</summary>
    public static implicit operator ParameterValue(double value) => new(ParameterKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A text value; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public static implicit operator ParameterValue(string? value) => value is null ? Null : new(ParameterKind.Text, 0, value);

    /// <summary>A list of values, in order.</summary>
    public static ParameterValue FromList(params IEnumerable<ParameterValue> items) => new(ParameterKind.List, 0, items.ToArray());

    /// <summary>A mapping, in order. Names are taken as they are.</summary>
    public static ParameterValue FromMap(IEnumerable<KeyValuePair<string, ParameterValue>> entries) =>
        new(ParameterKind.Map, 0, entries.ToArray());

    /// <summary>The boolean held.</summary>
    /// <exception cref="InvalidCastException">The value is of another kind.</exception>
    public bool AsBoolean() => Kind == ParameterKind.Boolean ? _bits != 0 : throw Wrong("a boolean");

    /// <summary>The integer held, or a float without fraction.</summary>
    /// <exception cref="InvalidCastException">It is neither.</exception>
    public long AsInt64() => Kind switch
    {
        ParameterKind.Integer => _bits,
        ParameterKind.Float when AsDouble() is var d && Math.Truncate(d) == d && d is >= -9.2e18 and <= 9.2e18 => (long)d,
        _ => throw Wrong("an integer"),
    };

    /// <summary>The number held.</summary>
    /// <exception cref="InvalidCastException">The value is not a number.</exception>
    public double AsDouble() => Kind switch
    {
        ParameterKind.Float => BitConverter.Int64BitsToDouble(_bits),
        ParameterKind.Integer => _bits,
        _ => throw Wrong("a number"),
    };

    /// <summary>The text held.</summary>
    /// <exception cref="InvalidCastException">The value is not text.</exception>
    public string AsText() => _reference as string ?? throw Wrong("text");

    /// <summary>
    /// The value as <typeparamref name="T"/>: a number type, <see cref="bool"/>, <see cref="string"/>, an enum (by name),
    /// <see cref="ParameterValue"/>, an array or <see cref="IReadOnlyList{T}"/> of these, or a nullable of these.
    /// </summary>
    /// <exception cref="InvalidCastException">The value cannot be read as <typeparamref name="T"/>; the message names both.</exception>
    public T As<T>() => ParameterConversion.To<T>(this);

    /// <summary>Writes the value as JSON. A float keeps its point (<c>1.0</c>), so that it is read back as a float.</summary>
    public void WriteTo(Utf8JsonWriter writer) => ParameterJson.Write(writer, this);

    /// <summary>The value of a JSON element. A number written without point or exponent is an integer, or text with its digits if 64 bits cannot hold it.</summary>
    public static ParameterValue FromJson(JsonElement element) => ParameterJson.Read(element);

    /// <inheritdoc/>
    public bool Equals(ParameterValue other)
    {
        if (Kind == ParameterKind.Integer && other.Kind == ParameterKind.Integer)
            return _bits == other._bits;
        if (IsNumber && other.IsNumber)
            return AsDouble().Equals(other.AsDouble()) && (Kind == other.Kind || IsExact && other.IsExact);
        if (Kind != other.Kind)
            return false;
        return Kind switch
        {
            ParameterKind.Text => string.Equals((string)_reference!, (string)other._reference!, StringComparison.Ordinal),
            ParameterKind.List => Items.SequenceEqual(other.Items),
            ParameterKind.Map => Entries.SequenceEqual(other.Entries),
            _ => _bits == other._bits,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ParameterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ParameterKind.Integer or ParameterKind.Float => AsDouble().GetHashCode(),
        ParameterKind.Text => string.GetHashCode((string)_reference!, StringComparison.Ordinal),
        ParameterKind.List => Items.Aggregate(7, (hash, item) => HashCode.Combine(hash, item.GetHashCode())),
        ParameterKind.Map => Entries.Aggregate(11, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value.GetHashCode())),
        _ => HashCode.Combine(Kind, _bits),
    };

    /// <summary>Whether both are equal.</summary>
    public static bool operator ==(ParameterValue left, ParameterValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ParameterValue left, ParameterValue right) => !left.Equals(right);

    /// <summary>Text as it is, numbers in the shortest invariant form that reads back the same, everything else as JSON.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.Text => (string)_reference!,
        ParameterKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Float => AsDouble().ToString("R", CultureInfo.InvariantCulture),
        ParameterKind.Boolean => _bits != 0 ? "true" : "false",
        ParameterKind.Null => "null",
        _ => ParameterJson.ToJson(this),
    };

    /// <summary>Whether a double holds the number as it is.</summary>
    private bool IsExact => Kind == ParameterKind.Float || (Int128)(double)_bits == _bits;

    private InvalidCastException Wrong(string wanted) => new($"The value {ParameterJson.ToJson(this)} is not {wanted}.");
}
