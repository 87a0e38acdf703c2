using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Settings;
using Orchestrator.Configuration;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>plan FILE</c>: how many runs a sweep has and what the first ones are; nothing is run or stored.</summary>
internal static class PlanVerb
{
    private const int DefaultFirst = 10;

    public static Command Create(CliApp app)
    {
        var file = new SweepFileArguments();
        var first = CommonOptions.Number<int>("--first", $"How many assignments are shown [default: {DefaultFirst}]", 0);
        var json = CommonOptions.Json("the plan");
        var verb = new Command("plan", "Count a sweep's runs and show the first assignments; nothing is run");
        file.AddTo(verb);
        verb.Add(first);
        verb.Add(json);
        verb.SetAction(async parsed =>
        {
            await using var services = AppServices.WithCatalog(app, parsed);
            return Show(app, services, file.Read(parsed, services.GetRequiredService<ISweepCatalog>()), parsed.GetValue(first), parsed.GetValue(json));
        });
        HelpWithExamples.Add(verb, "plan sweeps/grid.json", "plan sweeps/random.yaml --first 3 --json");
        return verb;
    }

    /// <summary>Shows the plan of a file that was read; also what <c>sweep --dry-run</c> does.</summary>
    public static int Show(CliApp app, IServiceProvider services, SweepFileResult read, int? first, bool json)
    {
        if (read.Definition is null)
            throw new InvalidSweepFileException(read.Problems);
        foreach (var warning in read.Problems)
            app.Console.Error.WriteLine(warning.ToString());
        var report = PlanReport.Create(read, services.GetRequiredService<ISweepCatalog>(), first ?? DefaultFirst);
        if (json)
            report.WriteJson(app.Console);
        else
            report.Write(app.Console);
        return ExitCodes.Done;
    }
}
