using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>
/// All combinations: parameters in order, the last one fastest, no assignment twice; then the extra points. Nothing is listed: a
/// point is computed from its number.
/// </summary>
internal sealed class GridSampler(SearchSpace space, GridIndex index, IReadOnlyList<ParameterSet> extras) : ISampler
{
    /// <summary>How many points in a row may break a constraint that could not be counted.</summary>
    private const int MostRejected = 10_000_000;

    private readonly Candidate _candidate = new(space.Parameters.Count);
    private readonly int[] _nodes = index.NewNodes();
    private long _nextNumber;
    private UInt128 _nextIndex;

    public bool UsesHistory => false;

    public PointCount? Count => new PointCount(
        index.Count > UInt128.MaxValue - (ulong)extras.Count ? UInt128.MaxValue : index.Count + (ulong)extras.Count,
        index.Unresolved.Count == 0);

    public ParameterSet? Ask(in AskContext context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context.Number);
        return index.Unresolved.Count == 0 ? At((UInt128)(ulong)context.Number) : Walk(context);
    }

    public void Tell(in Observation observation)
    {
        // A grid learns nothing.
    }

    private ParameterSet? At(UInt128 number)
    {
        if (number >= index.Count)
            return Extra(number - index.Count);
        index.Decode(number, _candidate, _nodes);
        return space.ToSet(_candidate);
    }

    private ParameterSet? Extra(UInt128 number) => number < (ulong)extras.Count ? extras[(int)number] : null;

    /// <summary>Walks to the point; from where the last walk ended, when the numbers rise as they do in a sweep.</summary>
    private ParameterSet? Walk(in AskContext context)
    {
        if (context.Number < _nextNumber)
            (_nextNumber, _nextIndex) = (0, 0);
        var rejected = 0;
        for (; _nextIndex < index.Count; _nextIndex++)
        {
            if ((rejected & 0x3FF) == 0)
                context.CancellationToken.ThrowIfCancellationRequested();
            index.Decode(_nextIndex, _candidate, _nodes);
            if (!index.Unresolved.All(p => p.Holds(_candidate)))
            {
                if (++rejected > MostRejected)
                    throw Draw.NextToNothing(rejected - 1, "grid points");
                continue;
            }

            rejected = 0;
            if (_nextNumber++ == context.Number)
            {
                _nextIndex++;
                return space.ToSet(_candidate);
            }
        }

        return Extra((UInt128)(ulong)(context.Number - _nextNumber));
    }
}
