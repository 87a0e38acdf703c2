namespace Orchestrator;

/// <summary>How values are read from what a command prints, beside lines that are JSON objects.</summary>
public sealed class CommandReports
{
    /// <summary>
    /// A regular expression for lines of either stream; <see langword="null"/> (the default): none. A named group gives the value of the metric of that
    /// name, <c>loss=(?&lt;loss&gt;\S+)</c>; the groups <c>name</c> and <c>value</c>, or the first two without names, give one for each match. A group
    /// <c>step</c> gives the step.
    /// </summary>
    public string? Pattern { get; set; }
}
