namespace Orchestrator.Configuration;

/// <summary>What came of reading a sweep file.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Definition">The sweep; <see langword="null"/> if there is an error.</param>
/// <param name="Problems">Every error and warning, by place.</param>
internal sealed record SweepFileResult(string File, SweepDefinition? Definition, IReadOnlyList<LocatedProblem> Problems)
{
    /// <summary>Whether the sweep cannot run.</summary>
    public bool HasErrors => Definition is null;
}
