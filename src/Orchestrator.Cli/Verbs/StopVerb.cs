using System.CommandLine;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>stop [SWEEP]</c>: no new runs, and the end when the running ones have ended.</summary>
internal static class StopVerb
{
    public static Command Create(CliApp app) => SteeringVerb.Create(
        app,
        "stop",
        "Start no new runs of a sweep and let the running ones end",
        """
        The same as one Ctrl-C at the process that executes the sweep: it exits with 130, as with that, or as ever if nothing was left
        to run. The sweep can be resumed.
        """,
        (client, sweep, token) => client.StopAsync(sweep, token),
        "stop", "stop digits-grid --json");
}
