using System.Globalization;
using Orchestrator.Cli.Json;
using Orchestrator.Configuration;
using Orchestrator.Numerics;
using Orchestrator.Sampling;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Rendering;

/// <summary>What a sweep would run: the counts, exact or bounded, and the first assignments.</summary>
internal sealed class PlanReport
{
    private readonly SweepDefinition _definition;
    private readonly string _file;

    private PlanReport(SweepDefinition definition, string file) => (_definition, _file) = (definition, file);

    /// <summary>How many assignments the method has; <see langword="null"/>: it never ends.</summary>
    private PointCount? Assignments { get; init; }

    /// <summary>How many runs; <see langword="null"/>: nobody can say beforehand.</summary>
    private PointCount? Runs { get; init; }

    private IReadOnlyList<ParameterSet> First { get; init; } = [];

    /// <exception cref="SamplingException">The constraints leave next to nothing.</exception>
    public static PlanReport Create(SweepFileResult read, ISweepCatalog catalog, int first)
    {
        var plan = SweepPlan.Create(read.Definition!, catalog, hasDelegate: false, SweepOrigin.Here(read.File));
        return new PlanReport(plan.Definition, read.File)
        {
            Assignments = plan.Sampler.Count,
            Runs = RunsOf(plan),
            First = [.. Ask(plan, first)],
        };
    }

    public void Write(CliConsole console)
    {
        var output = console.Out;
        output.WriteLine($"{_definition.Name}: {_definition.Method.Type}, {Metric()}, {What()}");
        var assignments = Assignments is { } count ? $"{count} assignments" : "no end of assignments";
        output.WriteLine($"  {assignments} x {Plural(_definition.RunsPerAssignment, "seed")}{Limit()} = {(Runs is { } runs ? $"{runs} runs" : "runs until a limit is reached")}");
        output.WriteLine();
        if (First.Count == 0)
            return;
        var (constants, varying) = ParameterSplit.Of(First, ParameterSplit.Constants(_definition));
        if (constants.Length > 0)
            output.WriteLine($"  always {constants}");
        var table = new TextTable(console, [new("#", IsNumber: true), .. varying.Select(name => new TextTable.Column(name, IsNumber: true))]);
        for (var i = 0; i < First.Count; i++)
            table.Add([i.ToString(CultureInfo.InvariantCulture), .. varying.Select(name => ParameterSplit.Cell(First[i], name))]);
        table.End();
        if (Assignments is not { } all || all.Value > (UInt128)First.Count)
            output.WriteLine("...");
    }

    public void WriteJson(CliConsole console) => JsonOutput.Write(console, writer =>
    {
        writer.WriteStartObject("plan");
        writer.WriteString("file", _file);
        writer.WriteString("name", _definition.Name);
        writer.WriteString("method", _definition.Method.Type);
        SweepJson.Metric(writer, _definition.Metric!);
        Count(writer, "assignments", Assignments);
        writer.WriteNumber("replicates", _definition.RunsPerAssignment);
        Count(writer, "runs", Runs);
        writer.WriteBoolean("exact", Runs is { IsExact: true });
        writer.WriteStartArray("first");
        for (var i = 0; i < First.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", i);
            writer.WritePropertyName("parameters");
            First[i].WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Count(System.Text.Json.Utf8JsonWriter writer, string name, PointCount? count)
    {
        writer.WritePropertyName(name);
        if (count is { } known)
            writer.WriteRawValue(known.Value.ToString(CultureInfo.InvariantCulture)); // exact, however many digits it has
        else
            writer.WriteNullValue();
    }

    /// <summary>Assignments times seeds, at most <c>maxRuns</c>: a bound below <c>maxRuns</c> stays a bound.</summary>
    private static PointCount? RunsOf(SweepPlan plan)
    {
        var most = plan.Definition.Limits.MaxRuns is { } limit ? (UInt128)limit : (UInt128?)null;
        if (plan.Sampler.Count is not { } points)
            return most is { } bound ? new PointCount(bound, IsExact: !EndsEarly(plan.Definition)) : null;
        var seeds = (UInt128)plan.Definition.RunsPerAssignment;
        var all = points.Value > UInt128.MaxValue / seeds ? UInt128.MaxValue : points.Value * seeds;
        return most is { } cap && cap < all
            ? new PointCount(cap, points.IsExact && !EndsEarly(plan.Definition))
            : new PointCount(all, points.IsExact && all != UInt128.MaxValue && !EndsEarly(plan.Definition));
    }

    private static bool EndsEarly(SweepDefinition definition) => definition.Limits.Duration is not null || definition.Metric?.Target is not null;

    private static IEnumerable<ParameterSet> Ask(SweepPlan plan, int first)
    {
        var seeds = plan.Definition.RunsPerAssignment;
        var most = plan.Definition.Limits.MaxRuns is { } limit ? Math.Min(first, ((limit - 1) / seeds) + 1) : first;
        for (var n = 0L; n < most; n++)
        {
            if (plan.Sampler.Ask(new AskContext(n, new SeededRandom(plan.Definition.Seed, n))) is not { } assignment)
                yield break;
            yield return assignment;
        }
    }

    private string What() => _definition.Trainable is { } trainable ? $"trainable {trainable.Name}" : "command " + string.Join(' ', _definition.Command);

    private string Metric() => $"{Human.Word(_definition.Metric!.Goal)} {_definition.Metric.Name}";

    /// <summary>Not said twice: a bound that is the limit says so itself.</summary>
    private string Limit() => _definition.Limits.MaxRuns is { } limit && Runs is not { IsExact: false } ? $", at most {Human.Count(limit)}" : "";

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
