namespace Orchestrator.Configuration;

/// <summary>Makes a definition of a checked tree, leaving out what was found wrong.</summary>
internal static class SweepBinder
{
    public static SweepDefinition Bind(Cursor root, ParameterBinder parameters)
    {
        var definition = new SweepDefinition
        {
            Name = root["name"].Text,
            Project = root["project"].Text,
            Description = root["description"].Text,
            Trainable = Trainable(root["trainable"]),
            Command = [.. root["command"].Items.Select(i => i.Text).OfType<string>()],
            Reports = new CommandReports { Pattern = root["reports"]["pattern"].Text },
            Metric = Metric(root["metric"]) ?? Metric(root["metrics"][0]),
            Seed = root["seed"].Integer ?? 0,
            Replicates = (int?)root["replicates"].Integer ?? 1,
            Timeout = root["timeout"].Duration,
            Tags = [.. root["tags"].Items.Select(i => i.Text).OfType<string>()],
            Attributes = root["attributes"].ToDictionary(),
            Zip = [.. root["zip"].Items.Where(i => i.IsSound).Select(IReadOnlyList<string> (i) => [.. i.Items.Select(n => n.Text!)])],
            Exclude = Assignments(root["exclude"]),
            Include = Assignments(root["include"]),
            Constraints = [.. root["constraints"].Items.Select(i => i.Text).OfType<string>()],
            Seeds = [.. root["seeds"].Items.Select(i => i.Integer).OfType<long>()],
            Limits = new SweepLimits
            {
                MaxRuns = root["limits"]["maxRuns"].Integer,
                MaxConcurrent = (int?)root["limits"]["maxConcurrent"].Integer,
                Duration = root["limits"]["duration"].Duration,
            },
            Resources = new RunResources
            {
                Cpus = root["resources"]["cpus"].Number ?? 1,
                Gpus = root["resources"]["gpus"].Value is { IsNumber: true } gpus ? gpus.AsDouble() : 0,
                GpuIfAny = root["resources"]["gpus"].Value is { Kind: ParameterKind.Text },
                Memory = root["resources"]["memory"].Size,
                Artifacts = root["resources"]["artifacts"].Size,
                Log = root["resources"]["log"].Size ?? RunResources.DefaultLog,
                RunsPerGpu = (int?)root["resources"]["runsPerGpu"].Integer,
                Pool = root["resources"]["pool"].Text,
            },
            Isolation = Isolation(root["isolation"]),
            Retry = new RetryPolicy
            {
                MaxAttempts = (int?)root["retry"]["maxAttempts"].Integer ?? 1,
                Backoff = root["retry"]["backoff"].Duration ?? TimeSpan.Zero,
                On = [.. root["retry"]["on"].Items.Select(i => i.Word<FailureKind>()).OfType<FailureKind>()],
            },
            Failure = new FailurePolicy
            {
                StopAfterConsecutive = (int?)root["failure"]["stopAfterConsecutive"].Integer,
                StopAfter = (int?)root["failure"]["stopAfter"].Integer,
            },
        };
        if (root["method"] is { IsSound: true } method)
            definition.Method = method.IsMapping
                ? new SamplingMethod(method["type"].Text!) { Options = method.ToDictionary("type") }
                : method.Text!;
        if (root["reproducible"] is { IsSound: true } reproducible)
            definition.Reproducible = !reproducible.IsMapping
                ? reproducible.Boolean!.Value
                : new Reproducibility { Lag = (int?)reproducible["lag"].Integer ?? Reproducibility.DefaultLag };
        if (root["trackers"].IsSound)
            definition.Trackers = [.. root["trackers"].Items.Select(Tracker)];
        parameters.Bind(root["parameters"], definition.Parameters);
        return definition;
    }

    private static TrainableReference? Trainable(Cursor cursor) =>
        !cursor.IsSound ? null
        : cursor.IsMapping ? new TrainableReference(cursor["type"].Text!) { Assembly = cursor["assembly"].Text }
        : cursor.Text!;

    private static IsolationPolicy Isolation(Cursor cursor) => new()
    {
        Type = (cursor.IsMapping ? cursor["type"] : cursor).Word<RunIsolation>(),
        RecycleAfter = (int?)cursor["recycleAfter"].Integer,
        Grace = cursor["grace"].Duration,
    };

    private static Metric? Metric(Cursor cursor) =>
        cursor["name"].Text is { } name && cursor["goal"].Word<MetricGoal>() is { } goal
            ? new Metric(name, goal) { Target = cursor["target"].Number, From = cursor["from"].Word<MetricSource>() ?? MetricSource.Last }
            : null;

    private static TrackerReference Tracker(Cursor cursor) =>
        cursor.IsMapping ? new TrackerReference(cursor["type"].Text!) { Options = cursor.ToDictionary("type") } : cursor.Text!;

    private static List<IReadOnlyDictionary<string, ParameterValue>> Assignments(Cursor list) =>
        [.. list.Items.Select(i => i.ToDictionary())];
}
