using Orchestrator.Execution;
using Serilog.Core;
using Serilog.Events;

namespace Orchestrator.Hosting;

/// <summary>Adds <c>RunId</c> and <c>SweepId</c> to events that are logged in a run's flow.</summary>
internal sealed class RunEnricher : ILogEventEnricher
{
    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (AmbientRun.Current is not { } run)
            return;
        logEvent.AddPropertyIfAbsent(new LogEventProperty("RunId", new ScalarValue(run.Id)));
        logEvent.AddPropertyIfAbsent(new LogEventProperty("SweepId", new ScalarValue(run.Info.SweepId)));
    }
}
