using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>rm SWEEP...</c>: removes sweeps with everything that belongs to them.</summary>
internal static class RmVerb
{
    public static Command Create(CliApp app)
    {
        var named = new Argument<string[]>("SWEEP")
        {
            Description = "The ids of sweeps or experiments, beginnings of ids, or names",
            Arity = ArgumentArity.OneOrMore,
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var json = CommonOptions.Json("the ids of the removed sweeps");
        var verb = new Command("rm", "Remove sweeps or experiments with their runs, events and folders") { named, yes, json };
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var sweeps = new List<SweepRecord>();
            foreach (var name in parsed.GetRequiredValue(named))
            {
                // All are found before the first is removed: a slip in the last one removes nothing.
                var sweep = await stored.FindAsync(name);
                if (sweeps.All(s => s.Id != sweep.Id))
                    sweeps.Add(sweep);
            }

            if (sweeps.FirstOrDefault(s => IsBusy(stored, s)) is { } busy)
                throw new SweepBusyException(busy.Id);
            if (!parsed.GetValue(yes) && !Ask(app.Console, sweeps))
                throw CliException.Usage("Nothing was removed.");
            var removal = services.GetRequiredService<SweepRemoval>();
            foreach (var sweep in sweeps)
            {
                await removal.RemoveAsync(sweep.Id, CancellationToken.None);
                if (!parsed.GetValue(json))
                    app.Console.Out.WriteLine($"removed {sweep.Id}  {Human.Line(sweep.Name)}  ({Human.Counts(sweep.Counts)})");
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(app.Console, writer =>
                {
                    writer.WriteStartArray("removed");
                    foreach (var sweep in sweeps)
                        writer.WriteStringValue(sweep.Id);
                    writer.WriteEndArray();
                });
            }

            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "rm digits-grid", "rm 20261121-093015-k7wq 20261121-101500-x2ab --yes");
        return verb;
    }

    private static bool IsBusy(StoredSweeps stored, SweepRecord sweep) => sweep.Kind == ExperimentKind.Experiment
        ? sweep.Counts.Running > 0
        : SweepLock.IsHeld(stored.Home.FolderOf(sweep.Id));

    /// <exception cref="CliException">There is nobody to ask.</exception>
    private static bool Ask(CliConsole console, List<SweepRecord> sweeps)
    {
        if (!console.CanAsk)
            throw CliException.Usage($"rm asks on a terminal only; elsewhere it takes --yes. It would remove: {string.Join(", ", sweeps.Select(s => s.Id))}.");
        foreach (var sweep in sweeps)
            console.Error.WriteLine($"{sweep.Id}  {Human.Line(sweep.Name)}  ({Human.Counts(sweep.Counts)})");
        console.Error.Write(sweeps.Count == 1 ? "Remove it, with all its results? [y/N] " : $"Remove these {sweeps.Count}, with all their results? [y/N] ");
        console.Error.Flush();
        return console.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
