using Orchestrator.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps.Steering;

/// <summary>Steers a sweep wherever it is: by the store and the socket if another process executes it, in the store alone if none does.</summary>
internal sealed class SteeringClient(StoreProvider stores, OrchestratorHome home, ISweepCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan SlowLook = TimeSpan.FromSeconds(1);

    /// <summary>The answer to the request, in force when it comes.</summary>
    /// <exception cref="SweepNotFoundException">There is no such sweep.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; the request may still be followed.</exception>
    public async Task<SteeringAnswer> SendAsync(string sweep, SteeringRequest request, CancellationToken cancellationToken)
    {
        var store = await stores.GetAsync().ConfigureAwait(false);
        var (key, _) = await store.FindSweepAsync(sweep, withBest: false, cancellationToken).ConfigureAwait(false)
            ?? throw new SweepNotFoundException($"There is no sweep '{sweep}' in '{home.Path}'.");
        while (true)
        {
            using (var held = SweepLock.TryTake(home.FolderOf(sweep)))
            {
                if (held is not null)
                    return await new IdleSweep(store, catalog, time).ObeyAsync(sweep, request, cancellationToken).ConfigureAwait(false);
            }

            if (await AskAsync(store, key, sweep, request, cancellationToken).ConfigureAwait(false) is { } answer)
                return answer;
        }
    }

    /// <summary>Asks the process that executes the sweep; <see langword="null"/> if that process ended without an answer.</summary>
    private async Task<SteeringAnswer?> AskAsync(ISweepStore store, long key, string sweep, SteeringRequest request, CancellationToken cancellationToken)
    {
        var added = new RequestAdded { Sweep = key, Request = request.ToJson(), At = time.GetUtcNow() };
        await store.AppendAsync(added).ConfigureAwait(false);
        var id = await added.Id.ConfigureAwait(false);
        while (true)
        {
            var heard = await SteeringSocket.NudgeAsync(SteeringSocket.PathOf(home.Path, sweep), cancellationToken).ConfigureAwait(false);
            if (await store.FindRequestAsync(id, cancellationToken).ConfigureAwait(false) is { Accepted: { } accepted } found)
                return new SteeringAnswer(accepted, found.Answer ?? "");
            if (!SweepLock.IsHeld(home.FolderOf(sweep)))
            {
                // Nobody will answer any more: the request is taken back, so that no later execution follows it by surprise.
                var back = new RequestAnswered { Id = id, Accepted = false, Answer = "Nobody executed the sweep any more." };
                await store.AppendAsync(back).ConfigureAwait(false);
                await store.FlushAsync().ConfigureAwait(false);
                return await store.FindRequestAsync(id, cancellationToken).ConfigureAwait(false) is { Accepted: true } late
                    ? new SteeringAnswer(true, late.Answer ?? "")
                    : null;
            }

            if (!heard)
                await Task.Delay(SlowLook, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
