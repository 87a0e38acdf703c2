using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Execution;

/// <summary>The flow of one attempt: its ambient run, its DI scope, the user's code.</summary>
internal sealed class RunFlow(RunTicket ticket, RunAttempt attempt)
{
    /// <summary>The user's code, once started.</summary>
    public Task? Body { get; private set; }

    /// <summary>Not async: the ambient run must be set in the method that calls the code, or the code would not see it.</summary>
    public void Start()
    {
        var run = new RunContext(attempt);
        Body = RunAsync(run, AmbientRun.Enter(run));
    }

    private async Task RunAsync(RunContext run, AmbientRun.Holder ambient)
    {
        try
        {
            var scope = ticket.Sweep.Services.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                scope.ServiceProvider.GetRequiredService<RunContextSlot>().Run = run;
                await ticket.Sweep.Trainable.RunAsync(scope.ServiceProvider, run).ConfigureAwait(false);
            }
        }
        finally
        {
            ambient.Run = null;
        }
    }
}

/// <summary>Hands the run to its DI scope.</summary>
internal sealed class RunContextSlot
{
    public RunContext? Run { get; set; }
}
