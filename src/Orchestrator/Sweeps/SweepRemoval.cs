using Orchestrator.Hosting;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps;

/// <summary>
/// Removes a sweep: first from the store, then its folder. A mark in the folder, made before, tells the next removal to finish what a
/// crash in between left over.
/// </summary>
internal sealed class SweepRemoval(StoreProvider stores, OrchestratorHome home)
{
    private const string Mark = ".removed";

    /// <returns>Whether there was such a sweep.</returns>
    /// <exception cref="SweepBusyException">It is being executed.</exception>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
        if (await store.FindSweepAsync(id, withBest: false, cancellationToken).ConfigureAwait(false) is not var (_, sweep))
            return false;
        if (sweep is { Kind: ExperimentKind.Experiment, Counts.Running: > 0 })
            throw new SweepBusyException(id);
        var folder = home.FolderOf(id);
        bool found;
        using (SweepLock.TryTake(folder) ?? throw new SweepBusyException(id))
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, Mark), [], cancellationToken).ConfigureAwait(false);
            found = await store.DeleteSweepAsync(id, cancellationToken).ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }

        await RemoveLeftoversAsync(store, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Whether the sweep of a folder was on its way out.</summary>
    public static bool IsMarked(string folder) => File.Exists(Path.Combine(folder, Mark));

    /// <summary>Only marked folders of sweeps that the store does not know: a folder whose database was moved away is nobody's to remove.</summary>
    private async Task RemoveLeftoversAsync(ISweepStore store, CancellationToken cancellationToken)
    {
        var all = Path.GetDirectoryName(home.FolderOf("any"))!;
        foreach (var folder in Directory.EnumerateDirectories(all).Where(IsMarked))
        {
            if (await store.FindSweepAsync(Path.GetFileName(folder), withBest: false, cancellationToken).ConfigureAwait(false) is null && !SweepLock.IsHeld(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
