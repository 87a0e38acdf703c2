namespace Orchestrator;

/// <summary>
/// A sweep as a sweep file describes it: the same words, the same defaults. Plain data, made by hand or read from a file;
/// mistakes are reported all at once when it is validated or run.
/// </summary>
public sealed class SweepDefinition
{
    /// <summary>The sweep's name; <see langword="null"/>: the file's name, else the trainable's.</summary>
    public string? Name { get; set; }

    /// <summary>The project it belongs to; <see langword="null"/>: the configured one, else <c>Default</c>.</summary>
    public string? Project { get; set; }

    /// <summary>Free text.</summary>
    public string? Description { get; set; }

    /// <summary>Labels to find it by.</summary>
    public IList<string> Tags { get; init; } = [];

    /// <summary>Named values kept with it.</summary>
    public IDictionary<string, ParameterValue> Attributes { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>The code that a run executes; not needed where a delegate is given.</summary>
    public TrainableReference? Trainable { get; set; }

    /// <summary>
    /// The program that a run executes, and its arguments; empty: a trainable. <c>${name}</c> stands for a parameter's value, <c>${runDir}</c>,
    /// <c>${seed}</c> and <c>${device}</c> for the run's, <c>${sweepDir}</c> for the sweep file's folder, <c>${args}</c> for
    /// <c>--name=value</c> of all parameters.
    /// </summary>
    public IList<string> Command { get; init; } = [];

    /// <summary>How values are read from what <see cref="Command"/> prints, beside lines that are JSON objects.</summary>
    public CommandReports Reports { get; init; } = new();

    /// <summary>The metric to optimize.</summary>
    public Metric? Metric { get; set; }

    /// <summary>How assignments are chosen. Default: <c>grid</c>.</summary>
    public SamplingMethod Method { get; set; } = "grid";

    /// <summary>The hyperparameters, in order.</summary>
    public ParameterCollection Parameters { get; init; } = [];

    /// <summary>Lists walked in step instead of crossed.</summary>
    public IList<IReadOnlyList<string>> Zip { get; init; } = [];

    /// <summary>Assignments to leave out; a list as a value means any of its items.</summary>
    public IList<IReadOnlyDictionary<string, ParameterValue>> Exclude { get; init; } = [];

    /// <summary>Assignments to add: extra points of a grid, first points of every other method.</summary>
    public IList<IReadOnlyDictionary<string, ParameterValue>> Include { get; init; } = [];

    /// <summary>Boolean expressions over the parameters that every assignment satisfies.</summary>
    public IList<string> Constraints { get; init; } = [];

    /// <summary>How many seeds each assignment is run with; at least 1. Default: 1. Not together with <see cref="Seeds"/>.</summary>
    public int Replicates { get; set; } = 1;

    /// <summary>The seeds each assignment is run with, as they are; empty: derived from <see cref="Seed"/>.</summary>
    public IList<long> Seeds { get; init; } = [];

    /// <summary>The sweep's own seed. Default: 0.</summary>
    public long Seed { get; set; }

    /// <summary>When to start nothing new, and how much at once.</summary>
    public SweepLimits Limits { get; init; } = new();

    /// <summary>What one run occupies.</summary>
    public RunResources Resources { get; init; } = new();

    /// <summary>Where runs are executed.</summary>
    public IsolationPolicy Isolation { get; init; } = new();

    /// <summary>How long one attempt may take, from the start of the user's code to its end; <see langword="null"/>: for ever.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether a failed attempt is tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>When failures end the sweep.</summary>
    public FailurePolicy Failure { get; init; } = new();

    /// <summary>
    /// Whether the same definition gives the same runs and results whatever the timing; <see langword="null"/> (the default): no.
    /// <see langword="true"/> can be assigned. Not together with <see cref="SweepLimits.Duration"/>.
    /// </summary>
    public Reproducibility? Reproducible { get; set; }

    /// <summary>What receives everything that runs log; <see langword="null"/>: the configured ones.</summary>
    public IList<TrackerReference>? Trackers { get; set; }

    /// <summary>How many runs one assignment makes.</summary>
    internal int RunsPerAssignment => Seeds.Count > 0 ? Seeds.Count : Math.Max(1, Replicates);

    /// <summary>The seed of a replicate.</summary>
    internal long SeedOf(int replicate) => Seeds.Count > 0 ? Seeds[replicate] : Numerics.SeedSequence.ForReplicate(Seed, replicate);

    /// <summary>The part that shapes the search space.</summary>
    internal SearchSpaces.SearchSpaceDefinition ToSpaceDefinition() =>
        new() { Parameters = Parameters, Zip = [.. Zip], Exclude = [.. Exclude], Constraints = [.. Constraints] };
}
