using System.CommandLine;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>cancel [SWEEP]</c>: no new runs, and the running ones are ended.</summary>
internal static class CancelVerb
{
    public static Command Create(CliApp app) => SteeringVerb.Create(
        app,
        "cancel",
        "Start no new runs of a sweep and end the running ones, too",
        """
        The same as two Ctrl-C at the process that executes the sweep: it exits with 130, as with those. The sweep can be resumed, which
        runs again what was ended.
        """,
        (client, sweep, token) => client.CancelAsync(sweep, token),
        "cancel", "cancel digits-grid --json");
}
