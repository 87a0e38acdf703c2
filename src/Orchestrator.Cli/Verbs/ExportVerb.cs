using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Querying;
using Orchestrator.Text;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>export [SWEEP]</c>: runs, or all that they reported, for other programs.</summary>
internal static class ExportVerb
{
    public static Command Create(CliApp app)
    {
        var sweep = CommonOptions.SweepOrExperiment();
        var format = CommonOptions.Word<ExportFormat>("--format", "The format [default: csv, or what the file's name says]");
        var what = CommonOptions.Word<ExportContent>("--what", "A line for each run, for each reported value, or for each assignment [default: runs]");
        var where = RunSelection.Where();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write to this file, which is replaced when everything is written [default: standard output]",
            HelpName = "FILE",
        };
        var hash = new Option<bool>("--hash") { Description = "Print the SHA-256 of the runs instead: the same for every execution of a reproducible sweep" };
        var json = CommonOptions.Json("what was written where");
        var verb = new Command("export", "Write runs, or all that they reported, as CSV or JSON lines") { sweep, format, what, where, output, hash, json };
        verb.SetAction(async parsed =>
        {
            var file = parsed.GetValue(output) is { } named ? UserPath.Expand(named) : null;
            if (parsed.GetValue(hash))
                return await HashAsync(app, parsed, sweep, where, json, [format, what, output]);
            if (file is null && parsed.GetValue(json))
                throw CliException.Usage("--json takes --output: standard output is for the data. For data in JSON: --format jsonl.");
            await using var look = await SweepLook.AtAsync(app, parsed, sweep);
            var (store, found) = (look.Store, look.Sweep);
            var selection = await RunSelection.CreateAsync(store, found, parsed.GetValue(where));
            var content = parsed.GetValue(what) ?? ExportContent.Runs;
            var chosen = parsed.GetValue(format) ?? RunExport.FormatOf(file);

            Task<long> WriteAsync(Stream stream) => RunExport.WriteAsync(store, found, selection.Filter, content, chosen, stream);

            if (file is null)
            {
                await using var standard = app.Console.OpenOut();
                await WriteAsync(standard);
                return ExitCodes.Done;
            }

            await using var target = TargetFile.Open(file);
            var lines = await WriteAsync(target.Stream);
            await target.CommitAsync();
            Say(app.Console, parsed.GetValue(json), found.Id, content, lines, file);
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(
            verb,
            "export > runs.csv",
            "export digits-grid --where \"state == 'completed'\" --output runs.jsonl",
            "export digits-grid --hash",
            "export --what metrics --where \"objective > 0.97\" -o curves.csv");
        return verb;
    }

    private static async Task<int> HashAsync(
        CliApp app, ParseResult parsed, Argument<string?> sweep, Option<string?> where, Option<bool> json, IReadOnlyList<Option> others)
    {
        if (others.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
            throw CliException.Usage($"--hash writes no runs: {other.Name} goes without it.");
        await using var look = await SweepLook.AtAsync(app, parsed, sweep);
        var (store, found) = (look.Store, look.Sweep);
        var selection = await RunSelection.CreateAsync(store, found, parsed.GetValue(where));
        var (sha256, runs) = await ResultHash.OfAsync(RunQueries.QueryAsync(store, found.Id, selection.Filter));
        if (!parsed.GetValue(json))
        {
            app.Console.Out.WriteLine($"{sha256}  {found.Id}");
            return ExitCodes.Done;
        }

        JsonOutput.Write(app.Console, writer =>
        {
            writer.WriteStartObject("hash");
            writer.WriteString("sweep", found.Id);
            writer.WriteNumber("runs", runs);
            writer.WriteString("sha256", sha256);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static void Say(CliConsole console, bool json, string sweep, ExportContent content, long lines, string file)
    {
        if (!json)
        {
            console.Error.WriteLine($"{Human.Count(lines)} {(content == ExportContent.Metrics ? "values" : Human.Word(content))} of {sweep} written to {file}.");
            return;
        }

        JsonOutput.Write(console, writer =>
        {
            writer.WriteStartObject("export");
            writer.WriteString("sweep", sweep);
            writer.WriteString("what", Human.Word(content));
            writer.WriteNumber("lines", lines);
            writer.WriteString("file", Path.GetFullPath(file));
            writer.WriteEndObject();
        });
    }
}
