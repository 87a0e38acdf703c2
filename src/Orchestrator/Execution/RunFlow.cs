using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Telemetry;

namespace Orchestrator.Execution;

/// <summary>The flow of one attempt: its ambient run, its DI scope where its code takes something from it, the user's code.</summary>
/// <param name="services">The host's; asked for only where the code takes services.</param>
/// <param name="trainable">The user's code.</param>
/// <param name="port">What the run speaks to.</param>
internal sealed class RunFlow(IServiceProvider? services, TrainableRunner trainable, IRunPort port)
{
    private Activity? _here;

    /// <summary>The user's code, once started.</summary>
    public Task? Body { get; private set; }

    /// <summary>Not async: the ambient run must be set in the method that calls the code, or the code would not see it.</summary>
    public void Start()
    {
        // What user code traces belongs to the attempt; undone with this context.
        if (port is RunAttempt { Span: { } span })
            Activity.Current = span;
        else if (port.Info.TraceParent is { } elsewhere)
            _here = RunSpans.StartHere(elsewhere);
        var run = new RunContext(port);
        Body = RunAsync(run, AmbientRun.Enter(run));
    }

    private async Task RunAsync(RunContext run, AmbientRun.Holder ambient)
    {
        try
        {
            await (trainable.NeedsServices ? RunInScopeAsync(services!, run) : trainable.RunAsync(null, run)).ConfigureAwait(false);
        }
        finally
        {
            ambient.Run = null;
            _here?.Stop();
            await run.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private async Task RunInScopeAsync(IServiceProvider host, RunContext run)
    {
        var scope = host.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            scope.ServiceProvider.GetRequiredService<RunContextSlot>().Run = run;
            await trainable.RunAsync(scope.ServiceProvider, run).ConfigureAwait(false);
        }
    }
}

/// <summary>Hands the run to its DI scope.</summary>
internal sealed class RunContextSlot
{
    public RunContext? Run { get; set; }
}
