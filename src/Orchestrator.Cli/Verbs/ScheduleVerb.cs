using System.CommandLine;
using System.Runtime.CompilerServices;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Scheduling;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>schedule FILE --cron "0 2 * * *"</c>: a recurring sweep; <c>schedule list</c>, <c>schedule remove NAME</c>.</summary>
internal static class ScheduleVerb
{
    public static Command Create(CliApp app)
    {
        var file = new SweepFileArguments();
        var cron = new Option<string?>("--cron") { Description = "When: minute, hour, day, month, day of the week; six fields begin with the seconds", HelpName = "TIME" };
        var name = new Option<string?>("--name") { Description = "Its name; one of the same name is replaced [default: the sweep's]", HelpName = "NAME" };
        var zone = new Option<string?>("--time-zone") { Description = "The time zone in which that is meant, such as Europe/Berlin [default: this machine's]", HelpName = "ZONE" };
        var priority = CommonOptions.Number<int>("--priority", "A sweep of higher priority takes free workers first [default: 0]");
        var workers = CommonOptions.Workers();
        var json = CommonOptions.Json("the schedule");
        var verb = new Command("schedule", "Submit a sweep again and again, at times given as in cron");
        file.AddTo(verb);
        foreach (var option in (Option[])[cron, name, zone, priority, workers, json])
            verb.Add(option);
        HelpWithExamples.Explain(verb,
            "A 'serve' of the home fires it: each firing reads the file anew and is a new sweep. While the sweep of an earlier firing still runs, a firing",
            "is skipped; one that is missed since no host runs is not made up for. The dashboard lists, triggers and removes schedules.");
        verb.SetAction((parsed, cancellationToken) => AddAsync(
            app, parsed, file, new ScheduleTerms(parsed.GetValue(cron), parsed.GetValue(name), parsed.GetValue(zone), parsed.GetValue(priority) ?? 0, parsed.GetValue(workers), parsed.GetValue(json)), cancellationToken));
        verb.Add(List(app));
        verb.Add(Remove(app));
        HelpWithExamples.Add(verb, "schedule sweeps/grid.json --cron \"0 2 * * *\"", "schedule sweeps/grid.json --cron \"*/30 * * * *\" --name often --set parameters.epochs=5", "schedule list", "schedule remove often");
        return verb;
    }

    private static Command List(CliApp app)
    {
        var json = CommonOptions.Json("the schedules");
        var verb = new Command("list", "List the recurring sweeps") { json };
        verb.SetAction((parsed, cancellationToken) => ListAsync(app, parsed, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static Command Remove(CliApp app)
    {
        var name = new Argument<string>("NAME") { Description = "The schedule" };
        var json = CommonOptions.Json("the schedule");
        var verb = new Command("remove", "Remove a recurring sweep; sweeps that it has submitted stay") { name, json };
        verb.SetAction((parsed, cancellationToken) => RemoveAsync(app, parsed, parsed.GetRequiredValue(name), parsed.GetValue(json), cancellationToken));
        return verb;
    }

    // Apart, so that nothing of Hangfire is loaded to show help.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> AddAsync(CliApp app, ParseResult parsed, SweepFileArguments file, ScheduleTerms terms, CancellationToken cancellationToken) =>
        ScheduleCommands.AddAsync(app, parsed, file, terms, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> ListAsync(CliApp app, ParseResult parsed, bool json, CancellationToken cancellationToken) =>
        ScheduleCommands.ListAsync(app, parsed, json, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> RemoveAsync(CliApp app, ParseResult parsed, string name, bool json, CancellationToken cancellationToken) =>
        ScheduleCommands.RemoveAsync(app, parsed, name, json, cancellationToken);
}
