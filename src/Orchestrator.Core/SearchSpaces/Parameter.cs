namespace Orchestrator;

/// <summary>
/// What a hyperparameter may be: its values or its law, and the condition under which it is active. Immutable; made by the
/// factory methods here, which accept anything: what is wrong is reported by <see cref="SearchSpaces.SearchSpace"/>, all at once.
/// </summary>
public abstract record Parameter
{
    private protected Parameter()
    {
    }

    /// <summary>
    /// The parameter is active only while each of these other parameters is active and has one of the listed values.
    /// Empty: always active.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ParameterValue>> Condition { get; init; } =
        new Dictionary<string, IReadOnlyList<ParameterValue>>();

    /// <summary>The same parameter, active only while another one is active and has one of the given values; conditions add up.</summary>
    /// <param name="name">The other parameter's full name.</param>
    /// <param name="values">The values, at least one.</param>
    public Parameter When(string name, params IEnumerable<ParameterValue> values) => this with
    {
        Condition = new Dictionary<string, IReadOnlyList<ParameterValue>>(Condition, StringComparer.Ordinal) { [name] = [.. values] },
    };

    /// <summary>As the other overload, for languages that know no parameter list but an array.</summary>
    /// <param name="name">The other parameter's full name.</param>
    /// <param name="values">The values, at least one.</param>
    public Parameter When(string name, params ParameterValue[] values) => When(name, values.AsEnumerable());

    /// <summary>A float range [<paramref name="min"/>, <paramref name="max"/>].</summary>
    /// <param name="min">The smallest value; above 0 for a log range.</param>
    /// <param name="max">The largest value.</param>
    /// <param name="log">Uniform in the logarithm.</param>
    /// <param name="step">Only <paramref name="min"/> plus a multiple of this; with <paramref name="log"/> each as likely as its width there says.</param>
    /// <param name="points">Only this many evenly spaced values, both ends among them (even in the logarithm for a log range).</param>
    public static FloatRange Float(double min, double max, bool log = false, double? step = null, int? points = null) =>
        new(min, max) { Log = log, Step = step, Points = points };

    /// <summary>An integer range [<paramref name="min"/>, <paramref name="max"/>], both ends included.</summary>
    /// <param name="min">The smallest value; at least 1 for a log range.</param>
    /// <param name="max">The largest value.</param>
    /// <param name="log">Uniform in the logarithm.</param>
    /// <param name="step">Only <paramref name="min"/> plus a multiple of this; with <paramref name="log"/> each as likely as its width there says.</param>
    /// <param name="points">Only about this many evenly spaced values, rounded to integers, repeated ones once.</param>
    public static IntRange Int(long min, long max, bool log = false, long? step = null, int? points = null) =>
        new(min, max) { Log = log, Step = step, Points = points };

    /// <summary>One of the given values, all equally likely.</summary>
    public static Choice Choice(params IEnumerable<ParameterValue> values) => new(values.ToArray());

    /// <summary>As the other overload, for languages that know no parameter list but an array.</summary>
    public static Choice Choice(params ParameterValue[] values) => Choice(values.AsEnumerable());

    /// <summary>One of the given values, by weight. Weights are not negative, one is positive; they need not sum to 1.</summary>
    public static Choice Weighted(params IEnumerable<(ParameterValue Value, double Weight)> values)
    {
        var list = values.ToArray();
        return new Choice(Array.ConvertAll(list, v => v.Value)) { Weights = Array.ConvertAll(list, v => v.Weight) };
    }

    /// <summary>As the other overload, for languages that know no parameter list but an array.</summary>
    public static Choice Weighted(params (ParameterValue Value, double Weight)[] values) => Weighted(values.AsEnumerable());

    /// <summary>Always the same value.</summary>
    public static Constant Constant(ParameterValue value) => new(value);

    /// <summary>A normal law. Not for grids.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="stddev">The standard deviation; above 0.</param>
    /// <param name="min">The smallest value.</param>
    /// <param name="max">The largest value.</param>
    /// <param name="step">The distance between neighbouring values, counted from <paramref name="min"/> or 0.</param>
    /// <param name="integer">Whether values are integers.</param>
    public static NormalLaw Normal(double mean, double stddev, double? min = null, double? max = null, double? step = null, bool integer = false) =>
        new(mean, stddev) { Min = min, Max = max, Step = step, IsInteger = integer };

    /// <summary>A law whose logarithm is normal with this mean and standard deviation. Not for grids.</summary>
    /// <param name="mean">The mean of the logarithm.</param>
    /// <param name="stddev">The standard deviation of the logarithm; above 0.</param>
    /// <param name="min">The smallest value; above 0.</param>
    /// <param name="max">The largest value.</param>
    /// <param name="step">The distance between neighbouring values, counted from <paramref name="min"/> or 0.</param>
    /// <param name="integer">Whether values are integers.</param>
    public static NormalLaw LogNormal(double mean, double stddev, double? min = null, double? max = null, double? step = null, bool integer = false) =>
        Normal(mean, stddev, min, max, step, integer) with { Log = true };

    /// <summary>A nested group; its parameters are named <c>group.name</c> wherever they are named.</summary>
    /// <param name="parameters">The group's parameters.</param>
    /// <param name="own">A parameter of the group's own name.</param>
    public static ParameterGroup Group(ParameterCollection parameters, Parameter? own = null) => new(parameters) { Own = own };

    /// <summary>A value computed from other parameters: nothing is chosen. Inactive where one that it uses is.</summary>
    /// <param name="expression">In the language of constraints: <c>batch * 4</c>.</param>
    public static Computed Computed(string expression) => new(expression);

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(ParameterValue value) => Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(double value) => Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(int value) => Constant(value);

    /// <summary>A constant, kept exactly.</summary>
    public static implicit operator Parameter(long value) => Constant(value);

    /// <summary>A constant, kept exactly.</summary>
    /// <exception cref="OverflowException">The value is above <see cref="long.MaxValue"/>.</exception>
    public static implicit operator Parameter(ulong value) => Constant(value);

    /// <summary>A constant: text of one character.</summary>
    public static implicit operator Parameter(char value) => Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(bool value) => Constant(value);

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(string value) => Constant(value);
}

/// <summary>A range of floats.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
public sealed record FloatRange(double Min, double Max) : Parameter
{
    /// <summary>Uniform in the logarithm.</summary>
    public bool Log { get; init; }

    /// <summary>The distance between neighbouring values; <see langword="null"/>: continuous.</summary>
    public double? Step { get; init; }

    /// <summary>The number of evenly spaced values; <see langword="null"/>: continuous.</summary>
    public int? Points { get; init; }
}

/// <summary>A range of integers, both ends included.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
public sealed record IntRange(long Min, long Max) : Parameter
{
    /// <summary>Uniform in the logarithm.</summary>
    public bool Log { get; init; }

    /// <summary>The distance between neighbouring values; <see langword="null"/>: 1.</summary>
    public long? Step { get; init; }

    /// <summary>The number of evenly spaced values; <see langword="null"/>: all.</summary>
    public int? Points { get; init; }
}

/// <summary>A list of values to choose from.</summary>
/// <param name="Values">The values; no two alike, except in a zipped parameter.</param>
public sealed record Choice(IReadOnlyList<ParameterValue> Values) : Parameter
{
    /// <summary>How likely each value is, relative to the others; <see langword="null"/>: all alike.</summary>
    public IReadOnlyList<double>? Weights { get; init; }
}

/// <summary>A parameter with one value.</summary>
/// <param name="Value">The value.</param>
public sealed record Constant(ParameterValue Value) : Parameter;

/// <summary>A normal law, or (with <see cref="Log"/>) a log-normal one.</summary>
/// <param name="Mean">The mean (of the logarithm).</param>
/// <param name="StandardDeviation">The standard deviation (of the logarithm); above 0.</param>
public sealed record NormalLaw(double Mean, double StandardDeviation) : Parameter
{
    /// <summary>The logarithm is normal, not the value.</summary>
    public bool Log { get; init; }

    /// <summary>The smallest value: what would be below is drawn again; <see langword="null"/>: no bound.</summary>
    public double? Min { get; init; }

    /// <summary>The largest value: what would be above is drawn again; <see langword="null"/>: no bound.</summary>
    public double? Max { get; init; }

    /// <summary>
    /// Values are rounded to <see cref="Min"/> (0 without one) plus a multiple of this; <see langword="null"/>: not rounded, or to integers.
    /// </summary>
    public double? Step { get; init; }

    /// <summary>Whether values are integers; then <see cref="Min"/>, <see cref="Max"/> and <see cref="Step"/> are taken as whole numbers.</summary>
    public bool IsInteger { get; init; }
}

/// <summary>A value computed from other parameters.</summary>
/// <param name="Expression">In the language of constraints, over parameters that are not computed themselves.</param>
public sealed record Computed(string Expression) : Parameter;

/// <summary>Parameters under a common name and condition.</summary>
/// <param name="Parameters">The group's own parameters.</param>
public sealed record ParameterGroup(ParameterCollection Parameters) : Parameter
{
    /// <summary>
    /// A parameter of the group's own name beside it, such as <c>optimizer</c> with <c>optimizer.lr</c>; no group itself, its condition is the
    /// group's. <see langword="null"/>: the name is the group's only.
    /// </summary>
    public Parameter? Own { get; init; }
}
