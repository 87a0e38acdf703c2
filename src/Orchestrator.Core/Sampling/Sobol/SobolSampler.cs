using Orchestrator.Numerics;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Sobol;

/// <summary>
/// Points of a Sobol sequence, one dimension per axis with more than one value (an inactive parameter's coordinate goes unused).
/// Points that break a constraint are skipped.
/// </summary>
internal sealed class SobolSampler : ISampler
{
    /// <summary>Keeps the scramble apart from everything else that is derived from the sweep's seed.</summary>
    private const long Purpose = 0x50B01;

    private readonly SearchSpace _space;
    private readonly Candidate _candidate;
    private readonly SobolSequence _sequence;
    private long _nextNumber;
    private long _nextIndex;

    public SobolSampler(SearchSpace space, long seed, bool scramble)
    {
        _space = space;
        _candidate = new Candidate(space.Parameters.Count);
        _sequence = new SobolSequence(DimensionsOf(space), scramble ? new SeededRandom(seed, Purpose) : null);
    }

    public bool UsesHistory => false;

    public PointCount? Count => null;

    /// <summary>The number of dimensions that a space takes.</summary>
    public static int DimensionsOf(SearchSpace space) => space.Axes.Count(a => !a.IsConstant);

    public ParameterSet? Ask(in AskContext context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context.Number);
        if (_space.Predicates.Length == 0)
        {
            Fill(context.Number);
            return _space.ToSet(_candidate);
        }

        if (context.Number < _nextNumber)
            (_nextNumber, _nextIndex) = (0, 0);
        for (var skipped = 0; skipped < Draw.MostRejected;)
        {
            if ((_nextIndex & 0x3FF) == 0)
                context.CancellationToken.ThrowIfCancellationRequested();
            Fill(_nextIndex++);
            if (!_space.Satisfies(_candidate))
            {
                skipped++;
                continue;
            }

            skipped = 0;
            if (_nextNumber++ == context.Number)
                return _space.ToSet(_candidate);
        }

        throw Draw.NextToNothing(Draw.MostRejected, "points");
    }

    public void Tell(in Observation observation)
    {
        // The sequence is fixed beforehand.
    }

    private void Fill(long index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << SobolSequence.Bits);
        var dimension = 0;
        foreach (var axis in _space.Axes)
        {
            var u = axis.IsConstant ? 0 : _sequence[index, dimension++];
            var point = axis.IsZip ? axis.PointFromUnit(u) : 0;
            foreach (var slot in axis.Members)
            {
                if (!_space.IsActive(slot, _candidate))
                    _candidate.Deactivate(slot);
                else
                    _candidate.Set(slot, axis.IsZip ? DomainOf(slot).ValueAt(point) : DomainOf(slot).FromUnit(u));
            }
        }
    }

    private Domain DomainOf(int slot) => _space.Parameters[slot].Domain;
}
