using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Rendering;
using Orchestrator.Cli.Serving;
using Orchestrator.Cli.Settings;
using Orchestrator.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Web;
using Orchestrator.Web.Api;
using Orchestrator.Web.Schedules;

namespace Orchestrator.Cli.Scheduling;

/// <summary>Adds, lists and removes the recurring sweeps of a home, and tells the host that serves it.</summary>
internal static class ScheduleCommands
{
    public static async Task<int> AddAsync(CliApp app, ParseResult parsed, SweepFileArguments file, ScheduleTerms terms, CancellationToken cancellationToken)
    {
        var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home));
        await using var services = Services(app, settings);
        var read = file.Read(parsed, services.GetRequiredService<ISweepCatalog>());
        if (read.Definition is not { } definition)
            throw new InvalidSweepFileException(read.Problems);
        foreach (var warning in read.Problems)
            app.Console.Error.WriteLine(warning.ToString());

        var schedule = new Schedule(terms.Name ?? ScheduleRules.NameFrom(definition.Name ?? "sweep"), new ScheduleOptions
        {
            File = Path.GetFullPath(file.File(parsed)),
            Cron = terms.Cron ?? "",
            TimeZone = terms.TimeZone,
            Set = [.. file.Sets(parsed)],
            Priority = terms.Priority,
            Workers = terms.Workers,
        }, IsConfigured: false);
        if (terms.Cron is null)
            throw CliException.Usage("'schedule' needs --cron, such as --cron \"0 2 * * *\" for two o'clock each night.");
        if (ScheduleRules.Problems(schedule).ToList() is { Count: > 0 } problems)
            throw CliException.Usage($"The schedule '{schedule.Name}' cannot be added: {string.Join(' ', problems)}");
        var book = Book(services, settings);
        if (Read(app, book).FirstOrDefault(s => s.Name == schedule.Name) is { IsConfigured: true })
            throw CliException.Usage($"The schedule '{schedule.Name}' stands in appsettings.json: change it there, or give this one another --name.");

        var replaced = book.Put(schedule.Name, schedule.Options);
        Print(app, schedule, $"{schedule.Options.Cron}  {Human.Line(schedule.Options.File)}{(replaced ? "  (replaced)" : "")}", terms.Json);
        await TellAsync(app, services, "it fires once one does", cancellationToken);
        return ExitCodes.Done;
    }

    public static async Task<int> ListAsync(CliApp app, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home));
        await using var services = Services(app, settings);
        var schedules = Read(app, Book(services, settings));
        if (json)
        {
            await JsonOutput.WriteArrayAsync(app.Console, "schedules", schedules.ToAsyncEnumerable(), ScheduleJson.Write);
            return ExitCodes.Done;
        }

        if (schedules.Count == 0)
        {
            app.Console.Error.WriteLine($"There are no schedules in '{services.GetRequiredService<OrchestratorHome>().Path}' yet.");
            return ExitCodes.Done;
        }

        var table = new TextTable(app.Console, new("name"), new("cron"), new("time zone"), new("file"), new("kept in"));
        foreach (var schedule in schedules)
            table.Add(schedule.Name, schedule.Options.Cron, ScheduleRules.ZoneOf(schedule.Options).Id, Human.Line(schedule.Options.File), schedule.IsConfigured ? "appsettings" : "home");
        table.End();
        return ExitCodes.Done;
    }

    public static async Task<int> RemoveAsync(CliApp app, ParseResult parsed, string name, bool json, CancellationToken cancellationToken)
    {
        var settings = AppSettings.Read(app.Console, parsed.GetValue(CommonOptions.Home));
        await using var services = Services(app, settings);
        var book = Book(services, settings);
        var known = Read(app, book);
        if (!book.Remove(name))
        {
            throw known.Any(s => s.Name == name)
                ? CliException.Usage($"The schedule '{name}' stands in appsettings.json: remove it there.")
                : CliException.NotFound($"There is no schedule '{name}'{Text.Suggestion.Hint(name, known.Select(s => s.Name))}");
        }

        Print(app, known.FirstOrDefault(s => s.Name == name) ?? new Schedule(name, new ScheduleOptions(), IsConfigured: false), "removed", json);
        await TellAsync(app, services, withoutHost: null, cancellationToken);
        return ExitCodes.Done;
    }

    private static void Print(CliApp app, Schedule schedule, string text, bool json)
    {
        if (!json)
        {
            app.Console.Out.WriteLine($"{schedule.Name}  {text}");
            return;
        }

        JsonOutput.Write(app.Console, writer =>
        {
            writer.WritePropertyName("schedule");
            ScheduleJson.Write(writer, schedule);
        });
    }

    private static ServiceProvider Services(CliApp app, IConfiguration settings)
    {
        var services = new ServiceCollection();
        AppServices.Register(services, app, settings);
        return services.BuildServiceProvider();
    }

    private static ScheduleBook Book(ServiceProvider services, IConfiguration settings) => new(services.GetRequiredService<OrchestratorHome>(), settings);

    private static IReadOnlyList<Schedule> Read(CliApp app, ScheduleBook book)
    {
        try
        {
            var schedules = book.Read(out var broken);
            foreach (var problem in broken)
                app.Console.Error.WriteLine($"warning: {problem}");
            return schedules;
        }
        catch (WebSettingsException cause)
        {
            throw new CliException("settings", cause.Message);
        }
    }

    /// <summary>The host follows at once; where there is none, that is said if it matters.</summary>
    private static async Task TellAsync(CliApp app, ServiceProvider services, string? withoutHost, CancellationToken cancellationToken)
    {
        var home = services.GetRequiredService<OrchestratorHome>().Path;
        using var host = HostFinder.Of(home);
        if (host is null)
        {
            if (withoutHost is not null)
                app.Console.Error.WriteLine($"note: no 'serve' runs on '{home}'; {withoutHost}.");
            return;
        }

        try
        {
            await host.RefreshSchedulesAsync(cancellationToken);
        }
        catch (HostRefusedException refused)
        {
            app.Console.Error.WriteLine($"note: the host does not follow before its next start: {refused.Message}");
        }
    }
}
