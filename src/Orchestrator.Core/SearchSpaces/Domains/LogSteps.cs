namespace Orchestrator.SearchSpaces;

/// <summary>
/// The law of the values <c>min + i * step</c> in a log range: each has the share of the half step around it in the logarithm, so that small
/// values are as likely as their width there says (with a step of 1 as in Optuna).
/// </summary>
internal readonly struct LogSteps
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _min;
    private readonly double _step;

    public LogSteps(double min, double step, long count)
    {
        (_min, _step) = (min, step);
        // Half a step below min may be nothing, of which there is no logarithm.
        _low = Math.Log(Math.Max(min - (step / 2), min / 2));
        _high = Math.Log(min + ((count - 1) * step) + (step / 2));
    }

    /// <summary>The index of a quantile in [0, 1]; not yet held to the indices there are.</summary>
    public long IndexOf(double u) => (long)Math.Round((Math.Exp((_low * (1 - u)) + (_high * u)) - _min) / _step);
}
