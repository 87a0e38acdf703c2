namespace Orchestrator.Configuration;

/// <summary>What a sweep file may name: the trainables and trackers that are registered. Read by the validator.</summary>
internal interface ISweepCatalog
{
    /// <summary>The registered trainables.</summary>
    IReadOnlyCollection<TrainableInfo> Trainables { get; }

    /// <summary>The registered trackers.</summary>
    IReadOnlyCollection<TrackerInfo> Trackers { get; }
}
