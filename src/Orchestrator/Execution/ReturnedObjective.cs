using System.Numerics;

namespace Orchestrator.Execution;

/// <summary>Makes what a trainable's delegate returns the value of the sweep's metric.</summary>
internal static class ReturnedObjective
{
    /// <summary>The same delegate as one that reports its result and returns nothing.</summary>
    public static Func<RunContext, CancellationToken, Task> Reporting<T>(Func<RunContext, CancellationToken, Task<T>> body)
        where T : INumber<T> =>
        async (run, cancellationToken) =>
        {
            var returned = body(run, cancellationToken) ?? throw new InvalidOperationException("The trainable returned null where a Task was expected.");
            var value = double.CreateChecked(await returned.ConfigureAwait(false));
            if (run.Info.Metric is { } metric)
                run.LogMetric(metric.Name, value);
        };
}
