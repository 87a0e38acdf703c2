using Orchestrator.Numerics;
using Orchestrator.Sampling;

namespace Orchestrator.Tests.Sweeps;

/// <summary>
/// A sampler that is as sensitive to what it is told as one can be: its next proposal depends on every call before it, on the order of all of
/// them, and on every bit of every value.
/// </summary>
internal sealed class HistorySampler : ISampler
{
    private long _state = 17;

    private HistorySampler()
    {
    }

    public bool UsesHistory => true;

    public PointCount? Count => null;

    public static void MakeKnown() => Samplers.Add(new SamplerRegistration("test-history", [], _ => new HistorySampler()));

    public ParameterSet? Ask(in AskContext context)
    {
        var x = new SeededRandom(_state, context.Number, (long)context.Random.NextUInt64()).NextDouble();
        var proposal = new ParameterSet([KeyValuePair.Create("x", (ParameterValue)x)]);
        Mix(ObservationState.Pending, context.Number, proposal, []);
        return proposal;
    }

    public void Tell(in Observation observation) => Mix(observation.State, observation.Number, observation.Parameters, observation.Values);

    private void Mix(ObservationState state, long number, ParameterSet parameters, IReadOnlyList<double> values) =>
        _state = (long)new SeededRandom(
            [_state, (long)state, number, BitConverter.DoubleToInt64Bits(parameters.Get<double>("x")), .. values.Select(BitConverter.DoubleToInt64Bits)]).NextUInt64();
}
