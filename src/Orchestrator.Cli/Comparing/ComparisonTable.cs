using System.Globalization;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Comparing;

/// <summary>A comparison in text: a column for each run; the difference of the last from the first one, and the better one marked.</summary>
internal static class ComparisonTable
{
    public static void Write(CliConsole console, RunComparison comparison)
    {
        var runs = comparison.Runs;
        var table = new TextTable(
            console,
            [new(""), .. runs.Select(r => new TextTable.Column(Header(r, runs), IsNumber: true)), new("difference", IsNumber: true), new("relative", IsNumber: true), new("better")]);
        if (runs.Select(r => r.Sweep.Id).Distinct().Count() > 1)
            Row(table, "sweep", runs.Select(r => Human.Line(r.Sweep.Name)));
        Row(table, "state", runs.Select(r => Human.Word(r.Run.State)));
        Row(table, "seed", runs.Select(r => r.Run.Seed.ToString(CultureInfo.InvariantCulture)));
        Row(table, "duration", comparison.Duration, Human.Duration, runs);
        if (comparison.Objective is { } objective)
            Row(table, $"objective {runs[0].Sweep.Metric.Name}", objective, Human.Number, runs);
        else
            Row(table, "objective", runs.Select(r => $"{r.Sweep.Metric.Name}={Human.Number(r.Run.Objective)}"));
        foreach (var (name, values) in comparison.Parameters)
            Row(table, name, values);
        foreach (var metric in comparison.Metrics)
        {
            if (metric.Last.Values.SequenceEqual(metric.Minimum.Values) && metric.Last.Values.SequenceEqual(metric.Maximum.Values))
            {
                Row(table, metric.Name, metric.Last, Human.Number, runs); // reported once
                continue;
            }

            Row(table, metric.Name + " last", metric.Last, Human.Number, runs);
            Row(table, metric.Name + " min", metric.Minimum, Human.Number, runs);
            Row(table, metric.Name + " max", metric.Maximum, Human.Number, runs);
        }

        table.End();
        if (comparison.SameParameters > 0)
            console.Out.WriteLine($"{comparison.SameParameters} parameter{(comparison.SameParameters == 1 ? " is" : "s are")} the same (--all shows {(comparison.SameParameters == 1 ? "it" : "them")})");
    }

    private static string Header(ComparedRun run, IReadOnlyList<ComparedRun> runs) =>
        runs.All(r => r.Sweep.Id == runs[0].Sweep.Id && r.Sweep.Kind == ExperimentKind.Sweep) ? Human.Run(run.Run.Number) : run.Run.Id;

    private static void Row(TextTable table, string name, IEnumerable<string> cells) => table.Add([name, .. cells, "", "", ""]);

    private static void Row(TextTable table, string name, IReadOnlyList<ParameterValue?> values)
    {
        var cells = values.Select(v => v is { } value ? Human.Value(value) : "-");
        if (values.All(v => v is { IsNumber: true }))
        {
            var numbers = new ComparedNumbers([.. values.Select(v => (double?)v!.Value.AsDouble())]);
            table.Add([name, .. cells, Signed(numbers.Differences[^1], Human.Number), Percent(numbers.Relative[^1]), ""]);
        }
        else
        {
            Row(table, name, cells);
        }
    }

    private static void Row(TextTable table, string name, ComparedNumbers numbers, Func<double?, string> text, IReadOnlyList<ComparedRun> runs) => table.Add(
    [
        name,
        .. numbers.Values.Select(text),
        Signed(numbers.Differences[^1], text),
        Percent(numbers.Relative[^1]),
        numbers.Better is { } better ? Header(runs[better], runs) : "",
    ]);

    private static string Signed(double? difference, Func<double?, string> text) => difference switch
    {
        null => "-",
        0 => "=",
        < 0 => "-" + text(-difference),
        > 0 => "+" + text(difference),
        _ => "-",
    };

    private static string Percent(double? relative) => relative switch
    {
        null => "-",
        0 => "",
        { } value when !double.IsFinite(value) => "-",
        { } value => value.ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal),
    };
}
