using System.CommandLine;
using Orchestrator.Cli.Comparing;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Settings;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>compare RUN RUN...</c>: what differs between runs, and by how much.</summary>
internal static class CompareVerb
{
    public static Command Create(CliApp app)
    {
        var named = new Argument<string[]>("RUN")
        {
            Description = "Two or more runs: ids (SWEEP/000123), or numbers in the latest sweep",
            Arity = ArgumentArity.OneOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Also the parameters that are the same" };
        var json = CommonOptions.Json("the comparison");
        var verb = new Command("compare", "Show what differs between runs, and by how much") { named, all, json };
        verb.SetAction(async parsed =>
        {
            if (parsed.GetRequiredValue(named) is not [_, _, ..])
                throw CliException.Usage("compare takes two runs or more: compare RUN RUN.");
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var runs = new List<ComparedRun>();
            foreach (var name in parsed.GetRequiredValue(named))
            {
                var (sweep, run) = await stored.FindRunAsync(name);
                runs.Add(await ComparedRun.ReadAsync(await stored.StoreAsync(), sweep, run));
            }

            var comparison = RunComparison.Of(runs, parsed.GetValue(all));
            if (parsed.GetValue(json))
                JsonOutput.Write(app.Console, writer => ComparisonJson.Write(writer, comparison));
            else
                ComparisonTable.Write(app.Console, comparison);
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "compare 12 17", "compare 12 17 23 --all", "compare 20261121-093015-k7wq/000012 20261122-180000-x2ab/000003 --json");
        return verb;
    }
}
