using Orchestrator.Configuration;
using Orchestrator.Execution;
using Orchestrator.Text;
using Orchestrator.Tracking;

namespace Orchestrator.Experiments;

/// <summary>What is to be begun.</summary>
internal sealed record HeldRunRequest
{
    public required string Experiment { get; init; }
    public required ExperimentConfiguration Configuration { get; init; }
    public required ExperimentOptions Options { get; init; }
    public required RunOptions Run { get; init; }
    public required IReadOnlyList<TrackerReference> Trackers { get; init; }
    public required IReadOnlyDictionary<string, ITrackerFactory> OwnTrackers { get; init; }

    /// <summary>The experiment's, then the run's.</summary>
    public IEnumerable<string> Tags => Options.Tags.Concat(Run.Tags);

    /// <summary>The experiment's, then the run's.</summary>
    public IEnumerable<KeyValuePair<string, ParameterValue>> Attributes => Options.Attributes.Concat(Run.Attributes);

    /// <summary>What the store or a tracker would refuse later is refused before the run is recorded.</summary>
    /// <exception cref="ArgumentException">An id, a tag, a name, a value or a tracker cannot be.</exception>
    public void Check(IEnumerable<ITrackerFactory> factories)
    {
        if (Run.Id is { } id)
            RunIds.Check(id);
        if (Options.MaxArtifactBytes is { } artifacts)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(artifacts, nameof(ExperimentOptions.MaxArtifactBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.MaxLogBytes, nameof(ExperimentOptions.MaxLogBytes));
        foreach (var tag in Tags)
            RunTags.Normalize(RunAttempt.Checked(tag));
        foreach (var (name, value) in Attributes.Concat(Run.Parameters))
            RunAttempt.Checked(value, RunAttempt.Checked(name));
        foreach (var tracker in Trackers)
        {
            if (OwnTrackers.ContainsKey(tracker.Type))
                continue;
            if (factories.LastOrDefault(f => f.Info.Name == tracker.Type) is { } found)
            {
                if (TrackerRules.CheckOptions(found.Info, tracker, "").FirstOrDefault() is { } wrong)
                    throw new ArgumentException(wrong.Message);
                continue;
            }

            var known = factories.Select(f => f.Info.Name).Distinct().ToList();
            throw new ArgumentException(
                $"There is no tracker '{tracker.Type}'{Suggestion.Hint(tracker.Type, known)} There are: {string.Join(", ", known)}. "
                + $"One of your own is added by {nameof(Experiment)}.{nameof(Orchestrator.Experiment.Trackers)}.{nameof(TrackerSet.Add)}(name, create).");
        }
    }
}
