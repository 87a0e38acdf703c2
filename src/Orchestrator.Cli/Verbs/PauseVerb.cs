using System.CommandLine;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>pause [SWEEP]</c>: no new runs until the sweep is continued.</summary>
internal static class PauseVerb
{
    public static Command Create(CliApp app) => SteeringVerb.Create(
        app,
        "pause",
        "Start no new runs of a sweep until it is continued",
        """
        Running runs go on to their end. The process that executes the sweep waits, until 'continue', 'stop' or 'cancel'.
        """,
        (client, sweep, token) => client.PauseAsync(sweep, token),
        "pause", "pause digits-grid --json");
}
