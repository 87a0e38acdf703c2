namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Something that a user waits for, measured as a whole.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="What">What is measured, for a reader of the table.</param>
/// <param name="MeasureAsync">Measures it in a folder of its own.</param>
internal sealed record Scenario(string Name, string What, Func<string, Task<Measurement>> MeasureAsync);

/// <summary>What came of a scenario.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Detail">How it came about.</param>
/// <param name="PeakMemory">The most memory of the program that was measured, in bytes; <see langword="null"/>: this process was.</param>
internal sealed record Measurement(string Figure, string Detail, long? PeakMemory = null);
