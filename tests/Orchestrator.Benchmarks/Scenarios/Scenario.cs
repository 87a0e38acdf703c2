namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Something that a user waits for, measured as a whole.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="What">What is measured, for a reader of the table.</param>
/// <param name="MeasureAsync">Measures it in a folder of its own, and says the figure and how it came about.</param>
internal sealed record Scenario(string Name, string What, Func<string, Task<(string Figure, string Detail)>> MeasureAsync);
