using System.CommandLine;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;

namespace Orchestrator.Cli.Steering;

/// <summary>A verb that asks one thing of a sweep that is being executed.</summary>
internal static class SteeringVerb
{
    public static Command Create(CliApp app, string name, string description, string notes, SteeringAsk ask, params string[] examples)
    {
        var sweep = CommonOptions.Sweep("the latest that is being executed");
        var json = CommonOptions.Json("the sweep and the answer");
        var verb = new Command(name, description) { sweep, json };
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var found = parsed.GetValue(sweep) is { } named ? await stored.FindAsync(named, ExperimentKind.Sweep) : await SweepSteering.FindExecutedAsync(stored);
            return await SweepSteering.RunAsync(app, services, found, ask, parsed.GetValue(json));
        });
        HelpWithExamples.Explain(verb, notes.Split('\n'));
        HelpWithExamples.Add(verb, examples);
        return verb;
    }
}
