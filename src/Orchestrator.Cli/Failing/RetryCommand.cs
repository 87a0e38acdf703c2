using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Failing;

/// <summary>The command that runs a group of failures again.</summary>
internal static class RetryCommand
{
    /// <summary>As typed; <see langword="null"/> where the runs are held by hand.</summary>
    public static string? For(FailedGroup group, SweepRecord sweep) =>
        sweep.Kind == ExperimentKind.Sweep ? ProgramName.Call($"retry {sweep.Id} --fingerprint {group.Fingerprint}") : null;
}
