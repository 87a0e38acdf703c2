namespace Orchestrator.Sweeps;

/// <summary>
/// How many runs are queued beyond the workers. None where runs are long: a proposal is best made as late as possible, and what is
/// queued when a sweep stops was queued in vain. Where runs are short, enough to keep the workers busy for a few milliseconds.
/// </summary>
internal sealed class Lookahead(int workers, bool samplerUsesHistory)
{
    private const double SecondsAhead = 0.02;
    private const int Most = 512;
    private const double Weight = 0.05;
    private double _average = double.PositiveInfinity;

    public int Current { get; private set; }

    /// <summary>
    /// As <see cref="Current"/>; but where others want the same workers a sweep always has a run waiting, or its turn would go by while
    /// the next one is proposed, whatever its share or priority.
    /// </summary>
    public int Given(bool isShared) => isShared && !samplerUsesHistory ? Math.Max(Current, workers) : Current;

    public void Add(TimeSpan attempt)
    {
        if (samplerUsesHistory)
            return; // every result may change the next proposal
        var seconds = Math.Max(attempt.TotalSeconds, 1e-6);
        _average = double.IsInfinity(_average) ? seconds : _average + (Weight * (seconds - _average));
        Current = (int)Math.Min(Most, Math.Round(workers * SecondsAhead / _average));
    }
}
