namespace Orchestrator.Cli.Failing;

/// <summary>
/// What the values of one parameter say about a group of failures. Assignments are counted and not runs: replicates of one assignment
/// share their parameters and are no further evidence.
/// </summary>
internal sealed class ParameterEvidence
{
    private const int MostValues = 64;
    private Dictionary<ParameterValue, long>? _failed = [];

    public double Least { get; private set; } = double.PositiveInfinity;

    public double Most { get; private set; } = double.NegativeInfinity;

    /// <summary>The failing assignments that have the parameter.</summary>
    public long Failed { get; private set; }

    /// <summary>The succeeding assignments that have it.</summary>
    public long Succeeded { get; private set; }

    public bool IsNumeric { get; private set; } = true;

    /// <summary>How many of the succeeding ones lie between the least and the most of the failing ones.</summary>
    public long SucceededInRange { get; private set; }

    /// <summary>How many of the succeeding ones have the failing ones' most frequent value.</summary>
    public long SucceededWithValue { get; private set; }

    public double SucceededLeast { get; private set; } = double.PositiveInfinity;

    public double SucceededMost { get; private set; } = double.NegativeInfinity;

    /// <summary>The most frequent value of the failing ones, and how many have it; <see langword="null"/>: there are too many values.</summary>
    public (ParameterValue Value, long Count)? Top { get; private set; }

    public void AddFailed(in ParameterValue value)
    {
        Failed++;
        IsNumeric &= value.IsNumber;
        if (value.IsNumber)
            (Least, Most) = (Math.Min(Least, value.AsDouble()), Math.Max(Most, value.AsDouble()));
        if (_failed is null)
            return;
        _failed[value] = _failed.GetValueOrDefault(value) + 1;
        if (_failed.Count > MostValues)
            _failed = null;
    }

    /// <summary>All failing ones are counted.</summary>
    public void CloseFailed()
    {
        if (_failed is { Count: > 0 } values)
            Top = values.MaxBy(v => v.Value) is var (value, count) ? (value, count) : null;
        _failed = null;
    }

    public void AddSucceeded(in ParameterValue value)
    {
        Succeeded++;
        if (value.IsNumber)
        {
            var number = value.AsDouble();
            (SucceededLeast, SucceededMost) = (Math.Min(SucceededLeast, number), Math.Max(SucceededMost, number));
            if (number >= Least && number <= Most)
                SucceededInRange++;
        }

        if (Top is { } top && value == top.Value)
            SucceededWithValue++;
    }
}
