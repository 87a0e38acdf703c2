using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Serving;
using Orchestrator.Cli.Settings;
using Orchestrator.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Web.Api;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>submit FILE</c>: hands a sweep to a running <c>serve</c>.</summary>
internal static class SubmitVerb
{
    public static Command Create(CliApp app)
    {
        var file = new SweepFileArguments();
        var workers = CommonOptions.Workers();
        var priority = CommonOptions.Number<int>("--priority", "A sweep of higher priority takes free workers first [default: 0]");
        var url = new Option<string?>("--url") { Description = "The address of a host that has a token [default: the host of the home]", HelpName = "URL" };
        var token = new Option<string?>("--token") { Description = "The token of a host that is named by --url", HelpName = "TOKEN" };
        var json = CommonOptions.Json("the sweep");
        var verb = new Command("submit", "Hand a sweep to a running serve");
        file.AddTo(verb);
        foreach (var option in (Option[])[workers, priority, url, token, json])
            verb.Add(option);
        HelpWithExamples.Explain(verb, "Ends as soon as the sweep is queued; status, pause, cancel and the others reach it as usual. The host reads the file's content as it is now.");
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            app, parsed, file, new Terms(parsed.GetValue(workers), parsed.GetValue(priority) ?? 0, parsed.GetValue(url), parsed.GetValue(token), parsed.GetValue(json)), cancellationToken));
        HelpWithExamples.Add(verb, "submit sweeps/grid.json", "submit sweeps/grid.json --priority 5 --set parameters.epochs=5", "submit sweeps/grid.json --url http://gpu-box:8080 --token \"$TOKEN\"");
        return verb;
    }

    // Apart, so that nothing of the client is loaded to show help.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(CliApp app, ParseResult parsed, SweepFileArguments file, Terms terms, CancellationToken cancellationToken)
    {
        await using var services = AppServices.ForLooks(app, parsed);
        var home = services.GetRequiredService<OrchestratorHome>().Path;
        var path = Path.GetFullPath(file.File(parsed));
        string content;
        try
        {
            content = await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CliException("invalidSweepFile", $"The sweep file '{path}' cannot be read: {cause.Message}", ExitCodes.InvalidFile);
        }

        using var host = HostFinder.Require(home, terms.Url, terms.Token);
        try
        {
            Print(app, await host.SubmitAsync(new SubmitRequest(path, content, file.Sets(parsed), terms.Priority, terms.Workers), cancellationToken), terms.Json);
            return ExitCodes.Done;
        }
        catch (HostRefusedException refused)
        {
            throw new CliException(refused.Code, refused.Message, ExitCodes.Internal);
        }
    }

    private static void Print(CliApp app, ApiAnswer answer, bool json)
    {
        foreach (var note in answer.Notes ?? [])
            app.Console.Error.WriteLine(note);
        var sweep = answer.Sweep!;
        if (!json)
        {
            var runs = sweep.PlannedRuns is { } planned ? string.Create(CultureInfo.InvariantCulture, $", {planned} runs") : "";
            app.Console.Out.WriteLine($"{Human.Line(sweep.Name)}  {sweep.Id}  {sweep.State}{runs}");
            return;
        }

        JsonOutput.Write(app.Console, writer =>
        {
            writer.WriteStartObject("sweep");
            writer.WriteString("id", sweep.Id);
            writer.WriteString("name", sweep.Name);
            writer.WriteString("state", sweep.State);
            if (sweep.PlannedRuns is { } planned)
                writer.WriteNumber("plannedRuns", planned);
            else
                writer.WriteNull("plannedRuns");
            writer.WriteEndObject();
        });
    }

    /// <summary>How the sweep is handed over.</summary>
    private sealed record Terms(int? Workers, int Priority, string? Url, string? Token, bool Json);
}
