namespace Orchestrator.Experiments;

/// <summary>What tells one living experiment from another: two of one key would resume each other's runs.</summary>
/// <param name="Home">The home's folder; empty: the one that the settings say.</param>
/// <param name="Name">The experiment's name.</param>
/// <param name="Identity">The identity that it had when it was made.</param>
internal readonly record struct ExperimentKey(string Home, string Name, string Identity);

/// <summary>
/// The living experiments of this process: those that were neither disposed nor forgotten. They are referenced weakly, so that a key is
/// free again when nothing can reach its experiment any more.
/// </summary>
internal static class LivingExperiments
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<ExperimentKey, WeakReference<Experiment>> ByKey = [];

    /// <exception cref="ExperimentNameTakenException">A living one has the key.</exception>
    public static void Add(ExperimentKey key, Experiment experiment)
    {
        lock (Gate)
        {
            if (ByKey.TryGetValue(key, out var known) && known.TryGetTarget(out _))
                throw new ExperimentNameTakenException(key.Name);
            ByKey[key] = new WeakReference<Experiment>(experiment);
        }
    }

    public static void Remove(ExperimentKey key, Experiment experiment)
    {
        lock (Gate)
        {
            if (ByKey.TryGetValue(key, out var known) && (!known.TryGetTarget(out var living) || ReferenceEquals(living, experiment)))
                ByKey.Remove(key);
        }
    }
}
