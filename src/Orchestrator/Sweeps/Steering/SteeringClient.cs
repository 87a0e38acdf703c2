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
    /// <exception cref="OperationCanceledException">
    /// The token was canceled. The request is taken back: it is followed only if that was being done at this moment.
    /// </exception>
    public async Task<SteeringAnswer> SendAsync(string sweep, SteeringRequest request, CancellationToken cancellationToken)
    {
        var store = await stores.GetWritableAsync().ConfigureAwait(false);
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
        try
        {
            return await AnswerAsync(store, sweep, id, cancellationToken).ConfigureAwait(false)
                ?? await WithdrawAsync(store, id, "Nobody executed the sweep any more.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (await WithdrawAsync(store, id, "Who asked did not wait for the answer.").ConfigureAwait(false) is { } late)
                return late;
            throw;
        }
    }

    /// <summary>The answer; <see langword="null"/> when nobody executes the sweep any more.</summary>
    private async Task<SteeringAnswer?> AnswerAsync(ISweepStore store, string sweep, long id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var heard = await SteeringSocket.NudgeAsync(SteeringSocket.PathOf(home.Path, sweep), cancellationToken).ConfigureAwait(false);
            if (await store.FindRequestAsync(id, cancellationToken).ConfigureAwait(false) is { Accepted: { } accepted } found)
                return new SteeringAnswer(accepted, found.Answer ?? "");
            if (!SweepLock.IsHeld(home.FolderOf(sweep)))
                return null;
            if (!heard)
                await Task.Delay(SlowLook, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Takes a request back that nobody waits for any more, so that no later execution follows it by surprise; the answer if it was
    /// accepted just before.
    /// </summary>
    private static async Task<SteeringAnswer?> WithdrawAsync(ISweepStore store, long id, string why)
    {
        await store.AppendAsync(new RequestAnswered { Id = id, Accepted = false, Answer = why }).ConfigureAwait(false);
        await store.FlushAsync().ConfigureAwait(false);
        return await store.FindRequestAsync(id).ConfigureAwait(false) is { Accepted: true } late ? new SteeringAnswer(true, late.Answer ?? "") : null;
    }
}
