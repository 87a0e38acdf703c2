using System.Globalization;

namespace Orchestrator.Configuration;

/// <summary>
/// What may stand at a place of a sweep file. Plain data: the structural validator and the JSON Schema are both made from it, so
/// that they cannot disagree.
/// </summary>
internal abstract record Shape
{
    /// <summary>What is expected, for messages: <c>a whole number of at least 1</c>.</summary>
    public abstract string Expected { get; }
}

/// <summary>Text that is not blank.</summary>
internal sealed record TextShape(string Expected = "text") : Shape
{
    public override string Expected { get; } = Expected;

    /// <summary>Whether nothing at all is fine, too.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>The texts there are, where somebody else decides; the schema shows them.</summary>
    public IReadOnlyList<string> Suggested { get; init; } = [];
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record BooleanShape : Shape
{
    public override string Expected => "true or false";
}

/// <summary>A whole number.</summary>
internal sealed record IntegerShape(long Min = long.MinValue, long Max = long.MaxValue) : Shape
{
    public override string Expected => Min == long.MinValue ? "a whole number" : $"a whole number of at least {Min}";
}

/// <summary>A finite number.</summary>
internal sealed record NumberShape(double Min = double.NegativeInfinity, bool Above = false) : Shape
{
    public override string Expected =>
        double.IsNegativeInfinity(Min) ? "a number" : string.Create(CultureInfo.InvariantCulture, $"a number {(Above ? "above" : "of at least")} {Min}");
}

/// <summary>A finite number, or one word.</summary>
internal sealed record NumberOrWordShape(double Min, string Word) : Shape
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a number of at least {Min}, or {Word}");
}

/// <summary>A length of time: text such as <c>1h30m</c>, or a number of seconds.</summary>
internal sealed record DurationShape(bool AllowZero = false) : Shape
{
    public override string Expected => "a duration such as 4h, 30m, 10s, 1h30m or 250ms, or a number of seconds";
}

/// <summary>An amount of memory above 0: text such as <c>8GiB</c>.</summary>
internal sealed record SizeShape : Shape
{
    public override string Expected => "a size such as 8GiB, 500MiB or 2GB";
}

/// <summary>One of a few words.</summary>
internal sealed record WordShape(params string[] Words) : Shape
{
    public override string Expected => "one of " + string.Join(", ", Words);

    /// <summary>Words of the vocabulary that are not built yet, each with the sentence that says so.</summary>
    public IReadOnlyDictionary<string, string> NotBuilt { get; init; } = new Dictionary<string, string>();
}

/// <summary>A scalar of any kind; numbers are finite.</summary>
internal sealed record ScalarShape : Shape
{
    public override string Expected => "a text, a number, true or false";
}

/// <summary>Anything; numbers are finite.</summary>
internal sealed record AnyShape : Shape
{
    public override string Expected => "a value";
}

/// <summary>A list.</summary>
internal sealed record ListShape(Shape Item, string Expected, int MinItems = 0, int MaxItems = int.MaxValue) : Shape
{
    public override string Expected { get; } = Expected;

    /// <summary>What a further item would mean is not built yet; the sentence that says so.</summary>
    public string? NotBuiltBeyond { get; init; }
}

/// <summary>A mapping of free names.</summary>
internal sealed record MapShape(Shape Value, string Expected, int MinItems = 0) : Shape
{
    public override string Expected { get; } = Expected;
}

/// <summary>A mapping of known keys.</summary>
/// <param name="Expected">What it is, for messages.</param>
/// <param name="Keys">The keys, in the order in which they are documented and written.</param>
internal sealed record ObjectShape(string Expected, IReadOnlyList<KeyInfo> Keys) : Shape
{
    public override string Expected { get; } = Expected;

    /// <summary>Pairs of keys that say the same thing in two ways, each with what to do.</summary>
    public IReadOnlyList<(string First, string Second, string Advice)> Exclusive { get; init; } = [];

    /// <summary>What other keys hold (options that somebody else knows); <see langword="null"/>: there are no others.</summary>
    public Shape? Others { get; init; }

    /// <summary>Other keys that the schema shows; somebody else checks them.</summary>
    public IReadOnlyList<KeyInfo> OthersShown { get; init; } = [];

    /// <summary>Words of other tools for its keys.</summary>
    public IReadOnlyDictionary<string, ForeignWord> Foreign { get; init; } = OtherTools.None;

    public KeyInfo? Find(string name) => Keys.FirstOrDefault(k => k.Name == name);
}

/// <summary>Another shape for each kind of node.</summary>
internal sealed record KindShape(string Expected) : Shape
{
    public override string Expected { get; } = Expected;

    public Shape? Scalar { get; init; }

    public Shape? List { get; init; }

    public Shape? Mapping { get; init; }
}

/// <summary>One of several mappings, told apart by their keys.</summary>
/// <param name="Expected">What it is, for messages.</param>
/// <param name="Variants">The mappings.</param>
/// <param name="Common">Keys that all of them have.</param>
internal sealed record VariantShape(string Expected, IReadOnlyList<ObjectShape> Variants, IReadOnlyList<KeyInfo> Common) : Shape
{
    public override string Expected { get; } = Expected;

    /// <summary>The one of <see cref="Variants"/> whose keys may stand beside those of another; <see langword="null"/>: none.</summary>
    public ObjectShape? Beside { get; init; }

    /// <summary>Words of other tools for the keys.</summary>
    public IReadOnlyDictionary<string, ForeignWord> Foreign { get; init; } = OtherTools.None;
}

/// <summary>A shape that stands under a name of its own, so that it can contain itself.</summary>
internal sealed record NamedShape(string Name, Func<Shape> Target) : Shape
{
    public override string Expected => Target().Expected;
}

/// <summary>One key of a mapping.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Description">What it means, in one sentence.</param>
internal sealed record KeyInfo(string Name, Shape Shape, string Description)
{
    /// <summary>Whether the mapping is incomplete without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds where it is absent; <see langword="null"/>: nothing in particular.</summary>
    public ParameterValue? Default { get; init; }

    /// <summary>The sentence that says that this key is not built yet; <see langword="null"/>: it is.</summary>
    public string? NotBuilt { get; init; }

    /// <summary>Values to show.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Whether it is a way of writing that has no property of its own in the definition.</summary>
    public bool IsNotation { get; init; }
}
