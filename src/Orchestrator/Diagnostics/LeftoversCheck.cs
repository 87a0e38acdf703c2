using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Diagnostics;

/// <summary>What sweeps left behind that ended without a word. Nothing of it is put right here: resuming does that.</summary>
internal sealed class LeftoversCheck(StoreProvider stores, OrchestratorHome home) : IDoctorCheck
{
    private const int MostListed = 5;

    public string Name => "sweeps";

    public async Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!stores.Exists)
            return [DoctorFinding.Ok("none yet")];
        List<string> executing = [], dead = [], stopped = [];
        try
        {
            var store = await stores.GetAsync().ConfigureAwait(false);
            await foreach (var sweep in store.ListSweepsAsync(new SweepQuery { Unfinished = true }, cancellationToken).ConfigureAwait(false))
            {
                var isHeld = SweepLock.IsHeld(home.FolderOf(sweep.Id));
                (isHeld ? executing : sweep.State is SweepState.Running or SweepState.Paused or SweepState.Interrupted ? dead : stopped).Add(sweep.Id);
            }
        }
        catch (StoreException)
        {
            return [DoctorFinding.Ok("not looked at: the database cannot be opened")]; // another check says so
        }

        return
        [
            DoctorFinding.Ok(executing.Count == 0 ? "none is being executed" : $"being executed: {Listed(executing)}"),
            .. dead.Count == 0 ? (DoctorFinding[])[] : [DoctorFinding.Warning(
                $"ended without a word (a kill, a crash): {Listed(dead)}", $"resume {dead[0]} goes on with what is left; rm removes one that nobody needs.")],
            .. stopped.Count == 0 ? (DoctorFinding[])[] : [DoctorFinding.Ok($"stopped, failed or not begun: {Listed(stopped)} (resume goes on)")],
            .. Unknown(),
        ];
    }

    /// <summary>Folders that were on their way out when their process ended.</summary>
    private IEnumerable<DoctorFinding> Unknown()
    {
        var all = Path.GetDirectoryName(home.FolderOf("any"))!;
        var removed = Directory.Exists(all) ? Directory.EnumerateDirectories(all).Where(SweepRemoval.IsMarked).Select(f => Path.GetFileName(f)!).ToList() : [];
        return removed.Count == 0 ? [] : [DoctorFinding.Warning($"folders of removed sweeps: {Listed(removed)}", "The next rm removes them.")];
    }

    private static string Listed(List<string> ids) =>
        string.Join(", ", ids.Take(MostListed)) + (ids.Count > MostListed ? $" and {ids.Count - MostListed} more" : "");
}
