using System.CommandLine;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>cancel [SWEEP]</c>: no new runs, and the running ones are ended.</summary>
internal static class CancelVerb
{
    public static Command Create(CliApp app) => SteeringVerb.Create(
        app,
        "cancel",
        "Start no new runs of a sweep and end the running ones, too, as two Ctrl-C at its process do: that exits with 130. The sweep can "
        + "be resumed, and runs those again",
        (client, sweep, token) => client.CancelAsync(sweep, token),
        "cancel", "cancel digits-grid --json");
}
