using Orchestrator.Expressions;
using Orchestrator.Numerics;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// The integers <c>min, min + step, ...</c>. With <paramref name="log"/> each integer i has the share of [i - 1/2, i + 1/2] in the
/// logarithm, so that 1 is as likely as its width there says (as in Optuna).
/// </summary>
internal sealed class IntegerDomain(long min, long size, long step, bool log) : DiscreteDomain(size)
{
    private readonly double _logLow = log ? Math.Log(min - 0.5) : 0;
    private readonly double _logHigh = log ? Math.Log((double)min + size - 0.5) : 0;

    internal override ValueTypes Types => ValueTypes.Number;

    private readonly LogSteps _steps = log && step > 1 ? new LogSteps(min, step, size) : default;

    public override ParameterValue FromUnit(double u) =>
        log && step > 1 ? Get(Math.Clamp(_steps.IndexOf(u), 0, Count - 1))
        : log ? Math.Clamp((long)Math.Round(Math.Exp(_logLow + (u * (_logHigh - _logLow)))), min, min + Count - 1) : base.FromUnit(u);

    internal override ParameterValue Draw(SeededRandom random) => log ? FromUnit(random.NextDouble()) : base.Draw(random);

    internal override long IndexOf(ParameterValue value)
    {
        if (!WholeNumber.TryGet(value, out var whole))
            return -1;
        var distance = (Int128)whole - min;
        return distance >= 0 && distance % step == 0 && distance / step < Count ? (long)(distance / step) : -1;
    }

    protected override ParameterValue Get(long index) => min + (index * step);
}
