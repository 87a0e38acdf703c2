using System.CommandLine;
using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Failing;

/// <summary>The command that runs a group of failures again.</summary>
internal static class RetryCommand
{
    /// <summary>As typed; <see langword="null"/> where this program has no such verb.</summary>
    public static string? For(FailedGroup group, string sweep, Command root) =>
        root.Subcommands.Any(c => c.Name == "retry") ? $"{ProgramName.Current} retry {sweep} --fingerprint {group.Fingerprint}" : null;
}
