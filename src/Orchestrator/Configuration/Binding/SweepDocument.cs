namespace Orchestrator.Configuration;

/// <summary>
/// The tree of a definition: what its sweep file would be. So a definition made in C# passes the same validator as a file, and
/// each rule stands once.
/// </summary>
internal static class SweepDocument
{
    private static readonly Place Nowhere = new("", 1, 1);

    /// <summary>The tree; what has its default value is left out.</summary>
    public static MappingNode Of(SweepDefinition definition) => (MappingNode)ToNode(ToValue(definition));

    /// <summary>The tree of a value.</summary>
    public static DocumentNode ToNode(ParameterValue value)
    {
        switch (value.Kind)
        {
            case ParameterKind.List:
                var sequence = new SequenceNode(Nowhere);
                sequence.Items.AddRange(value.Items.Select(ToNode));
                return sequence;
            case ParameterKind.Map:
                var mapping = new MappingNode(Nowhere);
                foreach (var (key, item) in value.Entries)
                    mapping.Add(key, Nowhere, ToNode(item));
                return mapping;
            default:
                return new ScalarNode(Nowhere, value);
        }
    }

    private static ParameterValue ToValue(SweepDefinition definition)
    {
        var map = new MapBuilder();
        map.Add("name", definition.Name);
        map.Add("project", definition.Project);
        map.Add("description", definition.Description);
        map.AddList("tags", definition.Tags.Select(t => (ParameterValue)t));
        map.AddMap("attributes", definition.Attributes);
        if (definition.Trainable is { } trainable)
            map.Add("trainable", trainable.Assembly is null
                ? trainable.Name
                : new MapBuilder().Add("type", trainable.Name).Add("assembly", trainable.Assembly).Build());
        map.AddList("command", definition.Command.Select(a => (ParameterValue)a));
        map.AddMap("reports", new MapBuilder().Add("pattern", definition.Reports.Pattern).Entries);
        if (definition.Metric is { } metric)
            map.Add("metric", ToValue(metric));
        map.Add("method", ToValue(definition.Method.Type, definition.Method.Options));
        map.AddMap("parameters", ParameterDocument.Of(definition.Parameters));
        map.AddList("zip", definition.Zip.Select(z => ParameterValue.FromList(z.Select(n => (ParameterValue)n))));
        map.AddList("exclude", definition.Exclude.Select(ParameterValue.FromMap));
        map.AddList("include", definition.Include.Select(ParameterValue.FromMap));
        map.AddList("constraints", definition.Constraints.Select(c => (ParameterValue)c));
        if (definition.Replicates != 1)
            map.AddAlways("replicates", definition.Replicates);
        map.AddList("seeds", definition.Seeds.Select(s => (ParameterValue)s));
        if (definition.Seed != 0)
            map.AddAlways("seed", definition.Seed);
        AddPolicies(map, definition);
        // Always with its lag: a stored sweep keeps the one it began with.
        if (definition.Reproducible is { } reproducible)
            map.AddMap("reproducible", new MapBuilder().Add("lag", (long?)reproducible.Lag).Entries);
        if (definition.Trackers is { } trackers)
            map.Add("trackers", ParameterValue.FromList(trackers.Select(t => ToValue(t.Type, t.Options))));
        return map.Build();
    }

    private static void AddPolicies(MapBuilder map, SweepDefinition definition)
    {
        var limits = new MapBuilder().Add("maxRuns", definition.Limits.MaxRuns).Add("maxConcurrent", definition.Limits.MaxConcurrent);
        map.AddMap("limits", limits.Add("duration", definition.Limits.Duration).Entries);
        AddResources(map, definition.Resources);
        AddIsolation(map, definition.Isolation);
        map.Add("timeout", definition.Timeout);
        var retry = new MapBuilder().Add("maxAttempts", definition.Retry.MaxAttempts == 1 ? (long?)null : definition.Retry.MaxAttempts);
        retry.Add("backoff", definition.Retry.Backoff == TimeSpan.Zero ? null : definition.Retry.Backoff);
        retry.AddList("on", definition.Retry.On.Select(k => (ParameterValue)Words.Of(k)));
        map.AddMap("retry", retry.Entries);
        map.AddMap("failure", new MapBuilder()
            .Add("stopAfterConsecutive", definition.Failure.StopAfterConsecutive).Add("stopAfter", definition.Failure.StopAfter).Entries);
    }

    private static void AddIsolation(MapBuilder map, IsolationPolicy isolation)
    {
        var type = isolation.Type is { } given ? Words.Of(given) : null;
        if (isolation is { RecycleAfter: null, Grace: null })
            map.Add("isolation", type);
        else
            map.AddMap("isolation", new MapBuilder().Add("type", type).Add("recycleAfter", isolation.RecycleAfter).Add("grace", isolation.Grace).Entries);
    }

    private static void AddResources(MapBuilder map, RunResources resources)
    {
        var entries = new MapBuilder();
        if (resources.Cpus != 1)
            entries.AddAlways("cpus", WholeOrNot(resources.Cpus));
        if (resources.GpuIfAny)
            entries.Add("gpus", SweepVocabulary.Auto);
        else if (resources.Gpus != 0)
            entries.AddAlways("gpus", WholeOrNot(resources.Gpus));
        entries.Add("memory", resources.Memory is { } bytes ? SizeText.Write(bytes) : null);
        entries.Add("artifacts", resources.Artifacts is { } artifacts ? SizeText.Write(artifacts) : null);
        entries.Add("log", resources.Log == RunResources.DefaultLog ? null : SizeText.Write(resources.Log));
        map.AddMap("resources", entries.Add("runsPerGpu", (long?)resources.RunsPerGpu).Add("pool", resources.Pool).Entries);
    }

    /// <summary>A whole number as an integer, as people write it.</summary>
    private static ParameterValue WholeOrNot(double number) =>
        number is >= 1 and < int.MaxValue && number % 1 == 0 ? (ParameterValue)(long)number : number;

    private static ParameterValue ToValue(Metric metric)
    {
        var map = new MapBuilder();
        map.AddAlways("name", metric.Name);
        map.AddAlways("goal", Words.Of(metric.Goal));
        if (metric.Target is { } target)
            map.Add("target", target);
        if (metric.From != MetricSource.Last)
            map.Add("from", Words.Of(metric.From));
        return map.Build();
    }

    private static ParameterValue ToValue(string type, IReadOnlyDictionary<string, ParameterValue> options) =>
        options.Count == 0 ? type : ParameterValue.FromMap([KeyValuePair.Create("type", (ParameterValue)type), .. options]);
}
