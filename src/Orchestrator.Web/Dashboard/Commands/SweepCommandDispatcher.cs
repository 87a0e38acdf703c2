using Hangfire.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Presentation;
using Orchestrator.Storage;
using Orchestrator.Web.Dashboard.Pages;

namespace Orchestrator.Web.Dashboard.Commands;

/// <summary>
/// Follows a command and answers with the sweep's page, which says what came of it. Hangfire's middleware has checked the antiforgery token by then.
/// </summary>
internal sealed class SweepCommandDispatcher : IDashboardDispatcher
{
    /// <summary>How long the process that executes the sweep may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task Dispatch(DashboardContext context)
    {
        if (!string.Equals(context.Request.Method, "POST", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = 405;
            return;
        }

        await PageDispatcher.WriteAsync(context, FollowAsync).ConfigureAwait(false);
    }

    private static async Task<DashboardPage> FollowAsync(DashboardContext context, DashboardData data)
    {
        var id = context.UriMatch.Groups["Sweep"].Value;
        var command = SweepCommand.Find(context.UriMatch.Groups["Command"].Value)!;
        var aborted = context.GetHttpContext().RequestAborted;
        if (await data.FindAsync(id, withBest: false, aborted).ConfigureAwait(false) is not { } sweep)
            return NotFoundPage.OfSweep(id);
        var answer = context.IsReadOnly ? CommandAnswer.ReadOnly : await AskAsync(data, sweep, command, aborted).ConfigureAwait(false);
        return await SweepPage.LoadAsync(context, data, answer).ConfigureAwait(false);
    }

    private static async Task<CommandAnswer> AskAsync(DashboardData data, SweepRecord sweep, SweepCommand command, CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(Patience);
        try
        {
            var target = new SweepCommandTarget(data.Services.GetRequiredService<ISweepClient>(), sweep.Id, sweep.IsExecuted());
            var answer = await command.Ask(target, patience.Token).ConfigureAwait(false);
            // The answer may come before what it tells of is committed, and the page reads what is.
            await (await data.StoreAsync().ConfigureAwait(false)).FlushAsync().ConfigureAwait(false);
            return CommandAnswer.Done(answer);
        }
        catch (SteeringException refusal)
        {
            return CommandAnswer.Refused(refusal.Message);
        }
        catch (StoreException cause)
        {
            return CommandAnswer.Failed(cause.Message);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            return CommandAnswer.Failed($"The process that executes the sweep did not answer within {Patience.TotalSeconds:0} s; the request was taken back.");
        }
    }
}
