using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>What a scalar must be at a place: its kind, its range, its words.</summary>
internal static class ScalarRules
{
    /// <summary>
    /// The code and the rest of a sentence that begins with the place's name, or <see langword="null"/> where all is well.
    /// </summary>
    public static (string Code, string Text)? Check(ScalarNode node, Shape shape)
    {
        var value = node.Value;
        if (value.Kind == ParameterKind.Float && !double.IsFinite(value.AsDouble()) && shape is not TextShape)
            return (SweepErrorCodes.OutOfRange, $"must be a finite number, but is {value}.");
        return shape switch
        {
            AnyShape => null,
            ScalarShape => value.Kind == ParameterKind.Null
                ? (SweepErrorCodes.WrongKind, "has no value; write one, or {value: null} for a parameter that is null.")
                : null,
            TextShape text => CheckText(node, text),
            BooleanShape => value.Kind == ParameterKind.Boolean ? null : Wrong(node, shape),
            IntegerShape range => CheckInteger(node, range),
            NumberShape range => CheckNumber(node, range),
            NumberOrWordShape either => CheckNumberOrWord(node, either),
            DurationShape duration => CheckDuration(node, duration),
            SizeShape size => CheckSize(node, size),
            WordShape words => CheckWord(node, words),
            _ => Wrong(node, shape),
        };
    }

    private static (string, string)? CheckText(ScalarNode node, TextShape shape)
    {
        if (node.Value.Kind != ParameterKind.Text)
            return Wrong(node, shape, node.Value.Kind == ParameterKind.Null ? "" : " Put it in quotes if it is meant as text.");
        return shape.AllowEmpty || !string.IsNullOrWhiteSpace(node.Value.AsText())
            ? null
            : (SweepErrorCodes.OutOfRange, $"must be {shape.Expected}, but is blank.");
    }

    private static (string, string)? CheckInteger(ScalarNode node, IntegerShape shape)
    {
        var value = node.Value;
        if (!value.IsNumber)
            return Wrong(node, shape, UnquoteAdvice(value));
        if (value.Kind == ParameterKind.Float && !IsWhole(value.AsDouble()))
            return value.AsDouble() is > 9e18 or < -9e18
                ? (SweepErrorCodes.OutOfRange, $"must be a whole number of at most 64 bits, but is {value}.")
                : Wrong(node, shape);
        var number = value.AsInt64();
        return number < shape.Min ? (SweepErrorCodes.OutOfRange, $"must be {shape.Expected}, but is {number}.")
            : number > shape.Max ? (SweepErrorCodes.OutOfRange, $"must be a whole number of at most {shape.Max}, but is {number}.")
            : null;
    }

    private static (string, string)? CheckNumber(ScalarNode node, NumberShape shape)
    {
        if (!node.Value.IsNumber)
            return Wrong(node, shape, UnquoteAdvice(node.Value));
        var number = node.Value.AsDouble();
        return number < shape.Min || (shape.Above && number == shape.Min)
            ? (SweepErrorCodes.OutOfRange, $"must be {shape.Expected}, but is {node.Value}.")
            : null;
    }

    private static (string, string)? CheckNumberOrWord(ScalarNode node, NumberOrWordShape shape)
    {
        if (node.Value.Kind != ParameterKind.Text)
        {
            return !node.Value.IsNumber ? Wrong(node, shape)
                : node.Value.AsDouble() < shape.Min ? (SweepErrorCodes.OutOfRange, $"must be {shape.Expected}, but is {node.Value}.")
                : null;
        }

        var word = node.Value.AsText();
        if (word == shape.Word)
            return null;
        return UnquoteAdvice(node.Value) is { Length: > 0 } advice
            ? Wrong(node, shape, advice)
            : (SweepErrorCodes.UnknownValue, $"must be {shape.Expected}, but is {ScalarNode.Clip(word)}{Meant(word, [shape.Word])}");
    }

    private static (string, string)? CheckDuration(ScalarNode node, DurationShape shape)
    {
        if (node.Value.Kind is ParameterKind.Boolean or ParameterKind.Null)
            return Wrong(node, shape);
        if (DurationText.Read(node.Value) is not { } duration)
            return (SweepErrorCodes.BadDuration, $"must be {shape.Expected}, but is {node.Described}.");
        if (duration < TimeSpan.Zero || (duration == TimeSpan.Zero && !shape.AllowZero))
            return (SweepErrorCodes.OutOfRange, $"must be {(shape.AllowZero ? "at least" : "longer than")} 0, but is {node.Value}.");
        return duration > DurationText.Longest
            ? (SweepErrorCodes.OutOfRange, $"must be at most {DurationText.Longest.TotalDays}d, but is {node.Value}.")
            : null;
    }

    private static (string, string)? CheckSize(ScalarNode node, SizeShape shape)
    {
        var text = node.Value.Kind == ParameterKind.Text ? node.Value.AsText() : "";
        if (SizeText.Parse(text) is not { } bytes)
            return (SweepErrorCodes.BadSize, $"must be {shape.Expected}, but is {node.Described}.{(node.Value.IsNumber ? " Write the unit." : "")}");
        return bytes > 0 ? null : (SweepErrorCodes.OutOfRange, $"must be more than 0, but is {text}.");
    }

    private static (string, string)? CheckWord(ScalarNode node, WordShape shape)
    {
        if (node.Value.Kind != ParameterKind.Text)
            return Wrong(node, shape);
        var word = node.Value.AsText();
        if (shape.NotBuilt.TryGetValue(word, out var sentence))
            return (SweepErrorCodes.NotBuilt, $"is '{word}': {sentence}");
        return shape.Words.Contains(word)
            ? null
            : (SweepErrorCodes.UnknownValue, $"must be {shape.Expected}, but is {ScalarNode.Clip(word)}{Meant(word, shape.Words)}");
    }

    private static string Meant(string word, string[] words) =>
        Suggestion.Nearest(word, words) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    private static bool IsWhole(double value) => Math.Truncate(value) == value && Math.Abs(value) <= 1L << 53;

    private static string UnquoteAdvice(ParameterValue value) =>
        value.Kind == ParameterKind.Text && YamlScalars.Resolve(value.AsText().Trim()).IsNumber ? " Write it without quotes." : "";

    private static (string, string) Wrong(ScalarNode node, Shape shape, string advice = "") =>
        (SweepErrorCodes.WrongKind, $"must be {shape.Expected}, but is {node.Described}.{advice}");
}
