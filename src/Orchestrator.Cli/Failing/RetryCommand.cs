using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Failing;

/// <summary>The command that runs a group of failures again.</summary>
internal static class RetryCommand
{
    /// <summary>As typed.</summary>
    public static string For(FailedGroup group, SweepRecord sweep) => $"{ProgramName.Current} retry {sweep.Id} --fingerprint {group.Fingerprint}";
}
