namespace Orchestrator.Web.Dashboard.Commands;

/// <summary>The sweep of a command, and what takes it up where no process executes it.</summary>
/// <param name="Client">Steers sweeps.</param>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="IsExecuted">Whether some process executes it.</param>
internal sealed record SweepCommandTarget(ISweepClient Client, string Sweep, bool IsExecuted)
{
    public async Task<string> ResumeAsync(CancellationToken cancellationToken)
    {
        await Client.ResumeAsync(Sweep, cancellationToken).ConfigureAwait(false);
        return "The sweep goes on with what is left.";
    }

    /// <summary>Queues what failed; a sweep that no process executes is taken up for it.</summary>
    public async Task<string> RetryAsync(CancellationToken cancellationToken)
    {
        var answer = await Client.RetryAsync(Sweep, RetrySelection.AllFailed, cancellationToken).ConfigureAwait(false);
        if (!IsExecuted)
            await Client.ResumeAsync(Sweep, cancellationToken).ConfigureAwait(false);
        return answer;
    }
}
