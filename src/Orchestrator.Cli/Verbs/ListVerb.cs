using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>list</c>: the sweeps, newest first.</summary>
internal static class ListVerb
{
    public static Command Create(CliApp app)
    {
        var project = new Option<string?>("--project") { Description = "Only the sweeps of this project", HelpName = "NAME" };
        var kind = CommonOptions.Word<ExperimentKind>("--kind", "Only sweeps, or only experiments with runs held by hand [default: both]");
        var identity = new Option<string?>("--identity") { Description = "Only those of this identity: the same configuration", HelpName = "HASH" };
        var tag = new Option<string[]>("--tag") { Description = "Only those with this tag (repeatable: with all of them)", HelpName = "TAG" };
        var where = new Option<string?>("--where")
        {
            Description = "Only those for which this is true, as in: best < 0.3 and attributes.owner == 'me' (docs/filters.md)",
            HelpName = "EXPR",
        };
        var limit = CommonOptions.Number<int>("--limit", "At most so many [default: all]", 1);
        var json = CommonOptions.Json("the sweeps");
        var verb = new Command("list", "List the sweeps and experiments, newest first") { project, tag, where, kind, identity, limit, json };
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.ForLooks(app, parsed);
            var stored = new StoredSweeps(services);
            var filter = parsed.GetValue(where) is { } condition ? SweepFilter.Parse(condition) : null;
            var tags = parsed.GetValue(tag) ?? [];
            var isFiltered = filter is not null || tags.Length > 0;
            var most = parsed.GetValue(limit);
            var sweeps = stored.ListAsync(new SweepQuery
            {
                Project = parsed.GetValue(project), Kind = parsed.GetValue(kind), Identity = parsed.GetValue(identity), Limit = isFiltered ? null : most,
            });
            if (isFiltered)
                sweeps = sweeps.Where(s => tags.All(t => s.Tags.Contains(t, StringComparer.Ordinal)) && filter?.Matches(s) != false).Take(most ?? int.MaxValue);
            if (parsed.GetValue(json))
                await JsonOutput.WriteArrayAsync(app.Console, "sweeps", sweeps, SweepJson.Write);
            else if (!await WriteAsync(app.Console, sweeps))
                app.Console.Error.WriteLine(isFiltered && stored.Any ? $"No sweep in '{stored.Home.Path}' matches." : $"There are no sweeps in '{stored.Home.Path}'{(parsed.GetValue(project) is { } name ? $" of project '{name}'" : "")} yet.");
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "list", "list --project digits --limit 5 --json", "list --tag baseline --where \"best < 0.3\"");
        return verb;
    }

    private static async Task<bool> WriteAsync(CliConsole console, IAsyncEnumerable<SweepRecord> sweeps)
    {
        var table = new TextTable(
            console,
            new("id"), new("name"), new("project"), new("state"), new("method"), new("runs", IsNumber: true), new("failed", IsNumber: true),
            new("best", IsNumber: true), new("metric"), new("elapsed", IsNumber: true), new("created"), new("tags"));
        var any = false;
        await foreach (var sweep in sweeps)
        {
            any = true;
            table.Add(
                sweep.Id,
                Human.Line(sweep.Name),
                Human.Line(sweep.Project),
                Human.Word(sweep.State),
                sweep.Method,
                Human.Count(sweep.Counts.Total),
                Human.Count(sweep.Counts.Failed),
                Human.Number(sweep.Best?.Objective),
                sweep.Metric.Name is { Length: > 0 } metric ? metric : "-",
                Human.Elapsed(sweep),
                Human.Moment(sweep.CreatedAt),
                string.Join(", ", sweep.Tags.Select(Human.Line)));
        }

        if (any)
            table.End();
        return any;
    }
}
