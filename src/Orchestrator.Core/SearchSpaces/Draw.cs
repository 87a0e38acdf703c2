using System.Globalization;
using Orchestrator.Numerics;
using Orchestrator.Sampling;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// Draws assignments by the parameters' laws, conditioned on the constraints and on given values: by rejection of whole draws,
/// which is what keeps the law right. Not safe for concurrent use.
/// </summary>
internal sealed class Draw(SearchSpace space, PartialAssignment? given = null)
{
    /// <summary>How many draws may be rejected in a row.</summary>
    public const int MostRejected = 1_000_000;

    private readonly PartialAssignment? _given = given is { IsEmpty: false } ? given : null;
    private readonly Candidate _candidate = new(space.Parameters.Count);

    /// <summary>A draw.</summary>
    /// <exception cref="SamplingException">Out of 10^6 draws in a row none was valid.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public ParameterSet Next(SeededRandom random, CancellationToken cancellationToken)
    {
        for (var rejected = 0; rejected < MostRejected; rejected++)
        {
            if ((rejected & 0x3FF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (TryFill(random) && space.Satisfies(_candidate))
                return space.ToSet(_candidate);
        }

        throw NextToNothing(MostRejected, "draws");
    }

    internal static SamplingException NextToNothing(int rejected, string what) => new(string.Create(CultureInfo.InvariantCulture,
        $"The constraints leave next to nothing: of {rejected:N0} {what} in a row every one broke a constraint or was excluded. ")
        + "Narrow the ranges so that most assignments satisfy the constraints.");

    private bool TryFill(SeededRandom random)
    {
        foreach (var axis in space.Axes)
        {
            if (!(axis.IsZip ? TryFillZip(axis, random) : TryFillOne(axis.Members[0], random)))
                return false;
        }

        return true;
    }

    private bool TryFillOne(int slot, SeededRandom random)
    {
        var value = ParameterValue.Null;
        var isGiven = _given is not null && _given.TryGet(slot, out value);
        if (!space.IsActive(slot, _candidate))
        {
            _candidate.Deactivate(slot);
            return !isGiven;
        }

        _candidate.Set(slot, isGiven ? value : space.Parameters[slot].Domain.Draw(random));
        return true;
    }

    private bool TryFillZip(Axis axis, SeededRandom random)
    {
        var point = -1L;
        foreach (var slot in axis.Members)
        {
            var value = ParameterValue.Null;
            var isGiven = _given is not null && _given.TryGet(slot, out value);
            if (!space.IsActive(slot, _candidate))
            {
                _candidate.Deactivate(slot);
                if (isGiven)
                    return false;
                continue;
            }

            if (point < 0)
                point = axis.DrawPoint(random);
            var drawn = space.Parameters[slot].Domain.ValueAt(point);
            if (isGiven && drawn != value)
                return false;
            _candidate.Set(slot, drawn);
        }

        return true;
    }
}
