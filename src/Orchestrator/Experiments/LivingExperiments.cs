namespace Orchestrator.Experiments;

/// <summary>
/// The names of the living experiments of this process: those that were neither disposed nor forgotten. Looked at weakly, so that a name is
/// free again when nothing can reach its experiment any more.
/// </summary>
internal static class LivingExperiments
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, WeakReference<Experiment>> ByName = new(StringComparer.Ordinal);

    /// <exception cref="ExperimentNameTakenException">A living one has the name.</exception>
    public static void Add(string name, Experiment experiment)
    {
        lock (Gate)
        {
            if (ByName.TryGetValue(name, out var known) && known.TryGetTarget(out _))
                throw new ExperimentNameTakenException(name);
            ByName[name] = new WeakReference<Experiment>(experiment);
        }
    }

    public static void Remove(string name, Experiment experiment)
    {
        lock (Gate)
        {
            if (ByName.TryGetValue(name, out var known) && (!known.TryGetTarget(out var living) || ReferenceEquals(living, experiment)))
                ByName.Remove(name);
        }
    }
}
