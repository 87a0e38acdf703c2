namespace Orchestrator.Expressions;

/// <summary>What the names in an expression stand for: parameters here, columns of runs in a filter.</summary>
internal interface INameResolver
{
    /// <summary>All names, for suggestions.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>What a name stands for.</summary>
    bool TryResolve(string name, out NameBinding binding);
}

/// <summary>A resolved name.</summary>
/// <param name="Slot">What <see cref="IExpressionValues"/> is asked with.</param>
/// <param name="Types">The kinds that its value may have.</param>
/// <param name="Words">The only texts that its value may be; <see langword="null"/>: any.</param>
/// <param name="Reader">How a text that is written beside it is read; <see langword="null"/>: as it is.</param>
internal readonly record struct NameBinding(int Slot, ValueTypes Types, IReadOnlyList<string>? Words = null, LiteralReader? Reader = null);

/// <summary>Reads a text that a name is compared with.</summary>
/// <param name="Read">The value that it stands for; <see langword="null"/>: none.</param>
/// <param name="Otherwise">What is said of a text that stands for none, behind the text.</param>
internal sealed record LiteralReader(Func<string, ParameterValue?> Read, string Otherwise);
