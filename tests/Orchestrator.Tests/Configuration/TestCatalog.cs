using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>Trainables and trackers for tests: one of each that declares everything, one that declares nothing.</summary>
internal sealed class TestCatalog : ISweepCatalog
{
    public static TestCatalog Instance { get; } = new();

    public IReadOnlyCollection<TrainableInfo> Trainables { get; } =
    [
        new("anything"),
        new("declared") { Parameters = ["learningRate", "batch", "optimizer", "model.hidden"], Metrics = ["loss", "accuracy"] },
    ];

    public IReadOnlyCollection<TrackerInfo> Trackers { get; } =
    [
        new("console", new Dictionary<string, TrackerOption>()),
        new("csv", new Dictionary<string, TrackerOption>
        {
            ["path"] = new(ParameterKind.Text, "The file."),
            ["format"] = new(ParameterKind.Text, "The form.") { Choices = ["long", "wide"] },
            ["flush"] = new(ParameterKind.Integer, "Lines between two flushes."),
            ["seconds"] = new(ParameterKind.Float, "Seconds between two flushes."),
        }),
    ];
}
