using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Experiments;
using Orchestrator.Hosting;
using Orchestrator.Storage;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli.Looks;

/// <summary>Finds what a person names in the store. Looking makes nothing: no folder, no database.</summary>
internal sealed class StoredSweeps(IServiceProvider services)
{
    private const int MostListed = 5;
    private readonly StoreProvider _stores = services.GetRequiredService<StoreProvider>();
    private readonly SweepRecovery _recovery = services.GetRequiredService<SweepRecovery>();
    private readonly SweepNames _names = services.GetRequiredService<SweepNames>();
    private readonly LostRuns _lost = services.GetRequiredService<LostRuns>();

    /// <summary>Where everything is kept.</summary>
    public OrchestratorHome Home { get; } = services.GetRequiredService<OrchestratorHome>();

    /// <summary>Whether anything was ever stored here.</summary>
    public bool Any => _stores.Exists;

    /// <summary>The store; only where there is one.</summary>
    public Task<ISweepStore> StoreAsync() => _stores.GetAsync();

    /// <summary>Sweeps and experiments, newest first, each with the state it truly has.</summary>
    public async IAsyncEnumerable<SweepRecord> ListAsync(SweepQuery query)
    {
        if (!Any)
            yield break;
        await _lost.ReconcileAsync();
        var store = await StoreAsync();
        await foreach (var sweep in store.ListSweepsAsync(query))
            yield return await _recovery.ReconcileAsync(sweep, CancellationToken.None);
    }

    /// <summary>
    /// The sweep or experiment of an id, of the unique beginning of an id, or the latest of a name or identity; the latest of all if none
    /// is named.
    /// </summary>
    /// <param name="named">What a person wrote.</param>
    /// <param name="kind">Which kind is meant, where only one makes sense.</param>
    /// <exception cref="CliException">Nothing is stored yet, or it is of the other kind.</exception>
    /// <exception cref="SweepNotFoundException">There is none, or there is more than one; the message says which there are.</exception>
    public async Task<SweepRecord> FindAsync(string? named, ExperimentKind? kind = null)
    {
        if (Any)
            await _lost.ReconcileAsync();
        var id = named is null ? await LatestAsync(kind) : await IdOfAsync(named);
        var store = await StoreAsync();
        var (_, sweep) = await store.FindSweepAsync(id) ?? throw CliException.NotFound($"There is no sweep '{id}'.");
        if (kind == ExperimentKind.Sweep && sweep.Kind == ExperimentKind.Experiment)
            throw CliException.Usage($"{sweep.Id} ({sweep.Name}) is an experiment: its runs are held by hand, in the program that begins them. This verb takes a sweep.");
        return await _recovery.ReconcileAsync(sweep, CancellationToken.None);
    }

    /// <summary>
    /// A run by its id (<c>SWEEP/000123</c>, or that of a run held by hand), by its number in the latest sweep or experiment, or by its name in the
    /// newest one that has it.
    /// </summary>
    /// <exception cref="CliException">There is none; the message says which there are.</exception>
    public async Task<(SweepRecord Sweep, RunRecord Run)> FindRunAsync(string named)
    {
        var slash = named.LastIndexOf('/');
        if (Any && !named.All(char.IsAsciiDigit))
        {
            await _lost.ReconcileAsync();
            if (await (await StoreAsync()).FindRunAsync(named[(slash + 1)..]) is { } held)
                return (await FindAsync(held.Sweep), held);
        }

        if (!long.TryParse(named.AsSpan(slash + 1), out var number) || number < 0)
        {
            if (await NamedAsync(named, slash) is { } byName)
                return (await FindAsync(byName.Sweep), byName);
            throw slash < 0 && Any
                ? CliException.NotFound($"There is no run '{named}'. Write its id (SWEEP/000123, or that of a run held by hand), its name, or its number in the latest sweep or experiment; 'runs' lists them.")
                : CliException.Usage($"'{named}' is no run: write its id (SWEEP/000123), or its number for a run of the latest sweep.");
        }

        var sweep = await FindAsync(slash < 0 ? null : named[..slash]);
        var run = await (await StoreAsync()).FindRunAsync(sweep.Id, number);
        if (run is not null)
            return (sweep, run);
        throw CliException.NotFound(sweep.Counts.Total == 0
            ? $"The sweep {sweep.Id} has no runs yet."
            : $"The sweep {sweep.Id} has no run {number}: its runs are 0 to {sweep.Counts.Total - 1}.");
    }

    /// <exception cref="CliException">There are several; the message says which.</exception>
    private async Task<RunRecord?> NamedAsync(string named, int slash)
    {
        if (!Any || named.Length == slash + 1)
            return null;
        var sweep = slash < 0 ? null : (await FindAsync(named[..slash])).Id;
        var name = named[(slash + 1)..];
        var runs = await (await StoreAsync()).FindRunsByNameAsync(name, sweep);
        return runs.Count switch
        {
            0 => null,
            1 => runs[0],
            _ => throw CliException.NotFound($"Several runs of {runs[0].Sweep} are named '{name}': {Listed([.. runs.Select(r => r.Id)])}. Write the id of one."),
        };
    }

    private async Task<string> LatestAsync(ExperimentKind? kind) =>
        (Any ? await (await StoreAsync()).LatestAsync(kind) : null) ?? throw CliException.NotFound($"There are no sweeps in '{Home.Path}' yet.");

    private async Task<string> IdOfAsync(string named)
    {
        if (!Any)
            throw CliException.NotFound($"There is no sweep '{named}': there are no sweeps in '{Home.Path}' yet.");
        return await _names.IdOfAsync(named, kind: null, CancellationToken.None);
    }

    private static string Listed(List<string> names) =>
        string.Join(", ", names.Take(MostListed)) + (names.Count > MostListed ? ", ..." : "");
}
