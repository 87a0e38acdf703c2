using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Configuration;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Executing;

/// <summary>The same file again is a new sweep; whoever meant to go on with the old one is told how.</summary>
internal static class UnfinishedTwin
{
    public static async Task SayAsync(CliApp app, IServiceProvider services, SweepDefinition definition)
    {
        var query = new SweepQuery { Identity = SweepIdentity.Of(definition, definition.Trainable?.Name), Unfinished = true, Limit = 1 };
        await foreach (var twin in new StoredSweeps(services).ListAsync(query))
        {
            app.Console.Error.WriteLine(twin.State == SweepState.Running
                ? $"note: sweep {twin.Id} is the same and is being executed by another process; this is a new one."
                : $"note: sweep {twin.Id} is the same and unfinished; this is a new one. To go on with the other: {ProgramName.Call($"resume {twin.Id}")}");
        }
    }
}
