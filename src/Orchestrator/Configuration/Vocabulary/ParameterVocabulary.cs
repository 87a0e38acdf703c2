namespace Orchestrator.Configuration;

/// <summary>The ways of writing a hyperparameter.</summary>
internal static class ParameterVocabulary
{
    private static readonly Shape Number = new NumberShape();

    public static ObjectShape Choice { get; } = new("a choice {values, weights?}",
    [
        new("values", new ListShape(new AnyShape(), "a list of values", 1), "The values to choose from.") { IsRequired = true },
        new("weights", new ListShape(new NumberShape(0), "a list of numbers, one for each value", 1),
            "How likely each value is, relative to the others; all alike if absent."),
    ]);

    public static ObjectShape Range { get; } = new("a range {min, max, log?, step?, points?, type?}",
    [
        new("min", Number, "The smallest value.") { IsRequired = true },
        new("max", Number, "The largest value.") { IsRequired = true },
        new("log", new BooleanShape(), "Uniform in the logarithm; 'min' must be above 0. With 'step' each value is as likely as its width there says.") { Default = false },
        new("step", new NumberShape(0, Above: true), "The distance between neighbouring values; continuous (or 1 for integers) if absent."),
        new("points", new IntegerShape(1, int.MaxValue), "The number of evenly spaced values."),
        new("type", new WordShape("int", "float"),
            "Integers or floats; integers if absent and all numbers of the range are written as integers.") { IsNotation = true },
    ]);

    public static ObjectShape Law { get; } = new("a law {distribution, mean, stddev, min?, max?, step?, type?}",
    [
        new("distribution", new WordShape("normal", "logNormal"),
            "The law; 'mean' and 'stddev' of logNormal are those of the logarithm.") { IsRequired = true },
        new("mean", Number, "The mean.") { IsRequired = true },
        new("stddev", new NumberShape(0, Above: true), "The standard deviation.") { IsRequired = true },
        new("min", Number, "The smallest value; what would be below is drawn again."),
        new("max", Number, "The largest value; what would be above is drawn again."),
        new("step", new NumberShape(0, Above: true), "The distance between neighbouring values, counted from 'min', or from 0."),
        new("type", new WordShape("int", "float"), "Whether values are integers.") { Default = "float", IsNotation = true },
    ]);

    public static ObjectShape Constant { get; } = new("a constant {value}",
    [
        new("value", new AnyShape(), "The value.") { IsRequired = true },
    ]);

    public static ObjectShape Computed { get; } = new("a value computed from others {expression}",
    [
        new("expression", new TextShape("an expression in quotes such as \"batch * 4\""),
            "The value, in the language of constraints over parameters that are not computed; inactive where one of them is.") { IsRequired = true },
    ]);

    public static ObjectShape Group { get; } = new("a nested group {parameters}",
    [
        new("parameters", new NamedShape("parameters", () => Collection!),
            "The group's own parameters, named group.name elsewhere. Beside 'values' or another form, the group's name is a parameter, too.") { IsRequired = true },
    ]);

    public static KeyInfo When { get; } = new("when",
        new MapShape(
            new KindShape("a value or a list of values")
            {
                Scalar = new AnyShape(),
                List = new ListShape(new AnyShape(), "a list of values", 1),
            },
            "a mapping of parameters to values such as {optimizer: sgd}", 1),
        "The parameter is active only while each of these parameters has (one of) the given value(s); null is one, and so is a list in a list.");

    public static IReadOnlyList<ObjectShape> Variants { get; } = [Choice, Range, Law, Constant, Computed, Group];

    /// <summary>One parameter.</summary>
    public static Shape Parameter { get; } = new KindShape("a value, a list of values, or a mapping such as {min, max}")
    {
        Scalar = new ScalarShape(),
        List = new ListShape(new AnyShape(), "a list of values", 1),
        Mapping = new VariantShape(
            "{values}, {min, max}, {distribution, mean, stddev}, {value}, {expression} or {parameters}", Variants, [When]) { Beside = Group, Foreign = OtherTools.ParameterKeys },
    };

    /// <summary>Names to parameters.</summary>
    public static Shape Collection { get; } = new MapShape(
        new NamedShape("parameter", () => Parameter), "a mapping of names to parameters");
}
