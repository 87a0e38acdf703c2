using System.CommandLine;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;
using Orchestrator.Cli.Steering;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>set [SWEEP] key=value...</c>: other limits, of the sweep or its runs, at once and for every later execution.</summary>
internal static class SetVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.Sweep();
        var settings = new Argument<string[]>("key=value")
        {
            Description = $"What is set, all at once: {SweepSettingArguments.KnownKeys} ('limits.' may be left out)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = CommonOptions.Json("the sweep and the answer");
        var verb = new Command("set", "Change the limits or the priority of a sweep, or the limits of its runs") { sweep, settings, json };
        HelpWithExamples.Explain(verb, 
            "If a process executes the sweep, it follows at once; else the next 'resume' does. timeout and resources hold for attempts that begin",
            "from then on, retry for those that fail from then on. resources.memory can be set only while nobody executes the sweep.");
        verb.SetAction(async parsed =>
        {
            var named = parsed.GetValue(sweep);
            var given = parsed.GetValue(settings) ?? [];
            if (named is not null && SweepSettingArguments.IsSetting(named))
            {
                given = [named, .. given];
                named = null; // the sweep was left out
            }

            if (given.Length == 0)
                throw CliException.Usage($"'set' needs key=value. What may be set: {SweepSettingArguments.KnownKeys}.");
            var wanted = SweepSettingArguments.Read(given);

            await using var services = AppServices.WithCatalog(app, parsed);
            var found = await new StoredSweeps(services).FindAsync(named, ExperimentKind.Sweep);
            return await SweepSteering.RunAsync(
                app, services, found, (client, id, token) => client.SetAsync(id, wanted, token), parsed.GetValue(json));
        });
        HelpWithExamples.Add(verb, "set maxConcurrent=2", "set digits-grid limits.maxRuns=500 limits.duration=4h", "set digits-grid priority=5 --json", "set timeout=2h retry.maxAttempts=3");
        return verb;
    }
}
