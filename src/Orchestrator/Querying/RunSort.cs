using Orchestrator.Storage;
using Orchestrator.Text;

namespace Orchestrator.Querying;

/// <summary>
/// An order of runs by a field: numbers before texts before the rest. What has no value comes last whichever way, NaN just before;
/// of equals the lowest number first.
/// </summary>
/// <param name="Field">What is compared.</param>
/// <param name="Descending">Whether the largest comes first.</param>
internal sealed record RunSort(RunField Field, bool Descending = false) : IComparer<(ParameterValue Value, long Number)>
{
    /// <summary>The order as the store sorts it by itself; <see langword="null"/>: it cannot.</summary>
    public RunOrder? StoreOrder => Field.Name switch
    {
        "number" => RunOrder.Number,
        "objective" => RunOrder.Objective,
        "started" => RunOrder.Started,
        "ended" => RunOrder.Ended,
        "duration" => RunOrder.Duration,
        _ => null,
    };

    /// <exception cref="RunSortException">There is no such field; the message names the nearest.</exception>
    public static RunSort Parse(string name, bool descending = false, RunNames? known = null) =>
        RunField.TryFind(name, known, out var field)
            ? new RunSort(field, descending)
            : throw new RunSortException($"There is nothing named '{name}' to sort runs by{Suggestion.Hint(name, RunField.Names(known))}");

    public (ParameterValue Value, long Number) KeyOf(RunRecord run) => (Field.Value(run), run.Number);

    public int Compare((ParameterValue Value, long Number) x, (ParameterValue Value, long Number) y)
    {
        var (a, b) = (Rank(x.Value), Rank(y.Value));
        var order = a != b ? (Math.Max(a, b) >= Last ? a.CompareTo(b) : Directed(a.CompareTo(b))) : Directed(CompareAlike(x.Value, y.Value));
        return order != 0 ? order : x.Number.CompareTo(y.Number);
    }

    private const int Last = 4;

    private int Directed(int order) => Descending ? -order : order;

    private static int Rank(in ParameterValue value) => value.Kind switch
    {
        ParameterKind.Integer => 0,
        ParameterKind.Float => double.IsNaN(value.AsDouble()) ? Last : 0,
        ParameterKind.Text => 1,
        ParameterKind.Boolean => 2,
        ParameterKind.Null => Last + 1,
        _ => 3,
    };

    private static int CompareAlike(in ParameterValue x, in ParameterValue y) => x.Kind switch
    {
        ParameterKind.Integer when y.Kind == ParameterKind.Integer => x.AsInt64().CompareTo(y.AsInt64()),
        ParameterKind.Integer or ParameterKind.Float => x.AsDouble().CompareTo(y.AsDouble()),
        ParameterKind.Boolean => x.AsBoolean().CompareTo(y.AsBoolean()),
        ParameterKind.Null => 0,
        _ => string.CompareOrdinal(x.ToString(), y.ToString()),
    };
}

/// <summary>Runs are to be sorted by something that there is not.</summary>
internal sealed class RunSortException(string message) : FormatException(message);
