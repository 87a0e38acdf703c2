using Orchestrator.Expressions;
using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// The values a parameter may take and the law they are drawn by. Either discrete (<see cref="Size"/> values in order, each
/// computed from its index) or continuous. Immutable and safe for concurrent use.
/// </summary>
internal abstract class Domain
{
    private protected Domain()
    {
    }

    /// <summary>How many values there are (1 for a constant); <see langword="null"/> when they are not countable.</summary>
    public abstract long? Size { get; }

    /// <summary>The value of an index in [0, <see cref="Size"/>): numbers rising, choices as they were listed.</summary>
    /// <exception cref="InvalidOperationException">The domain is continuous.</exception>
    public virtual ParameterValue ValueAt(long index) => throw new InvalidOperationException("A continuous domain has no n-th value.");

    /// <summary>
    /// The value at a quantile <paramref name="u"/> in [0, 1] of the parameter's law: uniform <paramref name="u"/> give values by
    /// that law.
    /// </summary>
    public abstract ParameterValue FromUnit(double u);

    /// <summary>
    /// Whether the domain has this value, and if so the value as the domain itself writes it (an integer for an integer range).
    /// </summary>
    public abstract bool TryNormalize(ParameterValue value, out ParameterValue normalized);

    /// <summary>Whether the domain has this value.</summary>
    public bool Contains(ParameterValue value) => TryNormalize(value, out _);

    /// <summary>The kinds its values have.</summary>
    internal abstract ValueTypes Types { get; }

    /// <summary>Whether no value stands twice, as in a zip it may.</summary>
    internal virtual bool IsDistinct => true;

    /// <summary>The index of a value, or -1. Of values that stand twice (in a zip) the first.</summary>
    internal virtual long IndexOf(ParameterValue value) => -1;

    /// <summary>A draw by the parameter's law.</summary>
    internal virtual ParameterValue Draw(SeededRandom random) => FromUnit(random.NextDouble());

    /// <summary>The sentence that a parameter of this domain never has a value, with those it has where they are few.</summary>
    internal string Never(string parameter, ParameterValue value)
    {
        var known = this is ChoiceDomain && Size <= 10
            ? $" (it has {string.Join(", ", Enumerable.Range(0, (int)Size).Select(i => ParameterJson.ToJson(ValueAt(i))))})"
            : "";
        return $"'{parameter}' never has the value {ParameterJson.ToJson(value)}{known}.";
    }

    /// <summary>The index in [0, <paramref name="size"/>) that a quantile falls on when all are alike.</summary>
    internal static long IndexFromUnit(double u, long size) => Math.Clamp((long)(u * size), 0, size - 1);
}
