using System.CommandLine;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>continue [SWEEP]</c>: goes on after a pause.</summary>
internal static class ContinueVerb
{
    public static Command Create(CliApp app) => SteeringVerb.Create(
        app,
        "continue",
        "Go on with a sweep that was paused",
        """
        For a sweep that nobody executes any more there is 'resume'.
        """,
        (client, sweep, token) => client.ContinueAsync(sweep, token),
        "continue", "continue digits-grid --json");
}
