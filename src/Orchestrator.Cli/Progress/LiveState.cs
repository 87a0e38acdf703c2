namespace Orchestrator.Cli.Progress;

/// <summary>What a live table shows, as it is at one moment.</summary>
internal sealed record LiveState
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required Metric Metric { get; init; }

    public required SweepTally Tally { get; init; }

    public required DateTimeOffset Begun { get; init; }

    /// <summary>The workers, each with the run it executes.</summary>
    public required IReadOnlyList<(string Worker, IRunningRun? Run)> Rows { get; init; }

    /// <summary>The names of parameters that are always the same, and not shown.</summary>
    public required IReadOnlySet<string> Constants { get; init; }

    public (RunInfoLine Run, double Objective)? Best { get; init; }

    /// <summary>That the sweep is stopping, and why.</summary>
    public string? Note { get; init; }
}

/// <summary>As much of a run as a line on it says.</summary>
internal sealed record RunInfoLine(long Number, ParameterSet Parameters);
