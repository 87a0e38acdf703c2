namespace Orchestrator;

/// <summary>Says before it runs what a trainable reads and reports, so that a sweep file's typing errors are found at once.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TrainableAttribute : Attribute
{
    /// <summary>One sentence on what it does.</summary>
    public string? Description { get; set; }

    /// <summary>The parameters it reads; empty: any is accepted.</summary>
    public string[] Parameters { get; set; } = [];

    /// <summary>The metrics it reports; empty: any is accepted.</summary>
    public string[] Metrics { get; set; } = [];
}
