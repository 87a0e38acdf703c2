using System.Globalization;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>A run as the store knows it.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed record RunRecord
{
    /// <summary>The run's id: <c>SWEEP/000123</c>; of a run held by hand its timestamp or own name.</summary>
    public required string Id { get; init; }

    /// <summary>Two words and a number, or a name of one's own.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its sweep or experiment.</summary>
    public required string Sweep { get; init; }

    /// <summary>Its project: its own, else that of its sweep or experiment.</summary>
    public string Project { get; init; } = "";

    /// <summary>Its number in the sweep, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>The number of its assignment in the sweep, from 0; replicates share it.</summary>
    public required long Proposal { get; init; }

    /// <summary>Which of the assignment's replicates it is, from 0.</summary>
    public required int Replicate { get; init; }

    /// <summary>Its seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Its state.</summary>
    public required RunState State { get; init; }

    /// <summary>Its parameters.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>The last value of each metric it reported in its last attempt, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The value of the sweep's metric.</summary>
    public double? Objective { get; init; }

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The worker of the last attempt.</summary>
    public string? Worker { get; init; }

    /// <summary>The device of the last attempt.</summary>
    public string? Device { get; init; }

    /// <summary>When it was queued first.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its last attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long its last attempt took, in seconds.</summary>
    public double? DurationSeconds => EndedAt is { } end && StartedAt is { } start ? Math.Max(0, (end - start).TotalSeconds) : null;

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Named values kept with it.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Attributes { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>Its folder, relative to the home; made when something is first written to it.</summary>
    public required string Directory { get; init; }

    /// <summary>Why its last attempt failed; <see langword="null"/> if it did not.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>What it said that is not kept, or not as it was said; empty for nearly all runs.</summary>
    public IReadOnlyList<WarningNote> Warnings { get; init; } = [];

    /// <summary>What its trackers lost, by attempt; empty for nearly all runs. The store itself lost nothing.</summary>
    public IReadOnlyList<TrackerLoss> TrackerLosses { get; init; } = [];

    /// <summary>The id of a sweep's run.</summary>
    internal static string IdOf(string sweep, long number) => string.Create(CultureInfo.InvariantCulture, $"{sweep}/{number:D6}");

    /// <summary>The folder of a sweep's run, relative to the home.</summary>
    internal static string DirectoryOf(string sweep, long number) => "sweeps/" + IdOf(sweep, number);

    /// <summary>The folder of a run held by hand, relative to the home: below its experiment's, so that both are removed together.</summary>
    internal static string DirectoryOf(string experiment, string id) => $"sweeps/{experiment}/{id}";
}
