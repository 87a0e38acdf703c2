using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Configuration;

/// <summary>What a plain YAML scalar means: the core schema of YAML 1.2.2, section 10.3. So <c>no</c> and <c>on</c> are text.</summary>
internal static partial class YamlScalars
{
    public const string TagPrefix = "tag:yaml.org,2002:";

    /// <summary>The value of a plain scalar without a tag.</summary>
    public static ParameterValue Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ParameterValue.Null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        _ => ResolveNumber(text) ?? text,
    };

    /// <summary>The value of a scalar with one of the core tags; <see langword="null"/> where the text does not fit the tag.</summary>
    public static ParameterValue? ResolveTagged(string text, string tag)
    {
        if (tag == "str")
            return text;
        var value = Resolve(text);
        return (tag, value.Kind) switch
        {
            ("null", ParameterKind.Null) or ("bool", ParameterKind.Boolean) => value,
            ("int", ParameterKind.Integer) or ("float", ParameterKind.Float) => value,
            ("float", ParameterKind.Integer) => value.AsDouble(),
            _ => default(ParameterValue?), // not 'null', which would turn into the null value
        };
    }

    /// <summary>Whether a number is written without point and exponent.</summary>
    public static bool IsWrittenAsInteger(string text) => IntegerPattern().IsMatch(text) || text is ['0', 'x' or 'o', ..];

    private static ParameterValue? ResolveNumber(string text)
    {
        // Most scalars are names: one look tells them apart.
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
            return null;
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return FromDigits(text.AsSpan(2), 16);
        if (text.StartsWith("0o", StringComparison.Ordinal))
            return FromDigits(text.AsSpan(2), 8);
        if (IntegerPattern().IsMatch(text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        return FloatPattern().IsMatch(text) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
    }

    private static ParameterValue? FromDigits(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty)
            return null;
        Int128 value = 0;
        foreach (var digit in digits)
        {
            var number = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (number >= radix)
                return null;
            value = Int128.Min(value * radix + number, (Int128)1 << 100); // what is beyond 64 bits becomes a float
        }

        return value <= long.MaxValue ? (ParameterValue)(long)value : (double)value;
    }

    [GeneratedRegex("^[-+]?[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex FloatPattern();
}
