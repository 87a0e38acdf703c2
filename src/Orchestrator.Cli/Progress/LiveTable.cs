using System.Globalization;
using Orchestrator.Cli.Rendering;
using Spectre.Console;
using Spectre.Console.Rendering;
using Words = Spectre.Console.Text;

namespace Orchestrator.Cli.Progress;

/// <summary>Draws the state of a sweep as lines that fit a terminal: a head, and a row per worker as far as there is room.</summary>
internal static class LiveTable
{
    private const int LeastTableWidth = 40;
    private const int HeadLines = 3;
    private const int TableHead = 1;
    private const int WidestBar = 30;

    /// <summary>The lines, fewer than the terminal has and none wider than it.</summary>
    public static IReadOnlyList<string> Draw(LiveState state, DateTimeOffset now, TerminalSize size, bool color)
    {
        // One column less than there are: some terminals move to the next line once the last column is filled.
        var width = Math.Max(1, size.Width - 1);
        var room = Math.Max(0, size.Height - HeadLines - TableHead - 2);
        var shown = Math.Min(room, state.Rows.Count);
        var lines = new List<string>();
        lines.AddRange(Lines(Head(state, now, width), width, color));
        if (shown > 0 && width >= LeastTableWidth)
            lines.AddRange(Lines(Workers(state, now, shown), width, color));
        if (state.Rows.Count > shown)
            lines.AddRange(Lines(Line($"[grey]and {state.Rows.Count - shown} more workers[/]"), width, color));
        return lines.Count < size.Height ? lines : lines.GetRange(0, Math.Max(1, size.Height - 1));
    }

    private static Rows Head(LiveState state, DateTimeOffset now, int width)
    {
        var tally = state.Tally;
        var counts = new List<string> { $"{tally.Share} runs" };
        if (tally.Planned is { } planned and > 0)
            counts.Add($"{Math.Floor(100.0 * tally.Ended / planned):0} %");
        counts.Add($"{state.Rows.Count(r => r.Run is not null)} running");
        if (tally.Pruned > 0)
            counts.Add($"{tally.Pruned} pruned");
        if (tally.Failed > 0)
            counts.Add($"[red]{Human.Count(tally.Failed)} failed[/]");
        counts.Add("elapsed " + Clock((now - state.Begun).TotalSeconds));
        counts.Add("left " + (tally.SecondsLeft(now) is { } left ? Clock(left) : "?"));
        var best = state.Best is { } found
            ? $"best [green]{Escape(state.Metric.Name)}={Human.Number(found.Objective)}[/] {Human.Run(found.Run.Number)} {Escape(Varying(state, found.Run.Parameters))}"
            : $"best {Escape(state.Metric.Name)}: none yet";
        var title = $"[bold]{Escape(Human.Line(state.Name))}[/] {state.Id}{(state.Note is { } note ? $" [yellow]{Escape(note)}[/]" : "")}";
        return new Rows(Line(title), Line($"{Bar(tally, width)}{string.Join(" · ", counts)}"), Line(best));
    }

    private static Table Workers(LiveState state, DateTimeOffset now, int shown)
    {
        var table = new Table().Border(TableBorder.None);
        var hasDevices = state.Rows.Any(r => r.Run is { Info.Device: not "cpu" });
        table.AddColumn(new TableColumn("[grey]worker[/]").NoWrap());
        if (hasDevices)
            table.AddColumn(new TableColumn("[grey]device[/]").NoWrap());
        table.AddColumn(new TableColumn("[grey]run[/]").RightAligned().NoWrap());
        table.AddColumn(new TableColumn(Line($"[grey]{Escape(state.Metric.Name)}[/]")).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("[grey]step[/]").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("[grey]elapsed[/]").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("[grey]parameters[/]").NoWrap());
        foreach (var (worker, run) in state.Rows.Take(shown))
        {
            var latest = run?.Latest(state.Metric.Name);
            var cells = new List<OneLine>
            {
                Cell(worker),
                Cell(run is null ? "" : Human.Run(run.Info.Number)),
                Cell(latest is { } value ? Human.Number(value.Value) : ""),
                Cell(latest is { } at ? Human.Count(at.Step) : ""),
                Cell(run is null ? "" : Clock((now - run.Info.StartedAt).TotalSeconds)),
                Cell(run is null ? "waits" : Varying(state, run.Info.Parameters)),
            };
            if (hasDevices)
                cells.Insert(1, Cell(run?.Info.Device ?? ""));
            table.AddRow(cells);
        }

        return table;
    }

    private static string Bar(SweepTally tally, int width)
    {
        var length = Math.Min(WidestBar, (width - 50) / 2);
        if (tally.Planned is not { } planned || planned == 0 || length < 5)
            return "";
        var full = (int)(length * Math.Min(1, (double)tally.Ended / planned));
        return $"[green]{new string('━', full)}[/][grey]{new string('─', length - full)}[/] ";
    }

    /// <summary>Whole seconds: a table that changes oftener than it must is written oftener than it must.</summary>
    private static string Clock(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(seconds)):0} s")
        : Human.Duration(Math.Floor(seconds));

    private static string Varying(LiveState state, ParameterSet parameters) =>
        Human.Parameters(parameters.Where(p => !state.Constants.Contains(p.Key)));

    private static OneLine Cell(string text) => new(new Words(text));

    private static OneLine Line(string markup) => new(new Markup(markup));

    private static string Escape(string text) => Markup.Escape(text);

    private static string[] Lines(IRenderable drawn, int width, bool color)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(drawn);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
