using System.Collections.Concurrent;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Experiments;

/// <summary>The experiments that a process has begun runs of: recorded once for each identity and project.</summary>
internal sealed class HeldExperiments(string defaultProject)
{
    private readonly ConcurrentDictionary<(string Identity, string Project), Task<(long Key, string Id)>> _opened = [];

    public string ProjectOf(ExperimentOptions experiment) => experiment.Project ?? defaultProject;

    /// <summary>Its key in the store and its id; recorded if it is new.</summary>
    /// <exception cref="StoreException">The store cannot write any more.</exception>
    public async Task<(long Key, string Id)> OpenAsync(ISweepStore store, HeldRunRequest request, DateTimeOffset at)
    {
        var place = PlaceOf(request);
        try
        {
            return await _opened.GetOrAdd(
                place, static (_, state) => OpenNowAsync(state.store, state.record), (store, record: Record(request, place.Project, at))).ConfigureAwait(false);
        }
        catch
        {
            _opened.TryRemove(place, out _);
            throw;
        }
    }

    /// <summary>Somebody removed it from the store: the next run records it anew.</summary>
    public void Forget(HeldRunRequest request) => _opened.TryRemove(PlaceOf(request), out _);

    private (string Identity, string Project) PlaceOf(HeldRunRequest request) => (request.Configuration.Identity, ProjectOf(request.Options));

    private static async Task<(long Key, string Id)> OpenNowAsync(ISweepStore store, SweepRecord record)
    {
        var command = new ExperimentOpened(record);
        await store.AppendAsync(command).ConfigureAwait(false);
        return await command.Opened.ConfigureAwait(false);
    }

    private static SweepRecord Record(HeldRunRequest request, string project, DateTimeOffset at) => new()
    {
        Id = SweepIds.New(at),
        Kind = ExperimentKind.Experiment,
        Name = request.Experiment,
        Project = project,
        Description = request.Options.Description,
        State = SweepState.Completed,
        Method = "manual",
        Metric = request.Options.Metric ?? new Metric("", MetricGoal.Minimize),
        Identity = request.Configuration.Identity,
        Definition = request.Configuration.Definition,
        Tags = [.. request.Options.Tags.Select(RunTags.Normalize)],
        Attributes = request.Options.Attributes.AsReadOnly(),
        CreatedAt = at,
    };
}
