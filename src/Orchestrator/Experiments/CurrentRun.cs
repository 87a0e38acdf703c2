using Serilog;
using Serilog.Core;

namespace Orchestrator;

/// <summary>
/// The run in whose flow the caller is, for code that is handed none: a sweep's, or one that is held by hand. Outside of a run every member
/// warns and does nothing.
/// </summary>
public static class CurrentRun
{
    /// <summary>Hears the member that was called outside of a run, beside the log.</summary>
    internal static event Action<string>? CalledOutside;

    /// <summary>The run; <see langword="null"/> outside of one.</summary>
    public static RunContext? Context => RunContext.Current;

    /// <inheritdoc cref="RunContext.LogMetric"/>
    public static void LogMetric(string name, double value) => Within(nameof(LogMetric))?.LogMetric(name, value);

    /// <inheritdoc cref="RunContext.Report"/>
    public static void Report(long step, params ReadOnlySpan<(string Name, double Value)> metrics) => Within(nameof(Report))?.Report(step, metrics);

    /// <inheritdoc cref="RunContext.SetParameter"/>
    public static void SetParameter(string name, ParameterValue value) => Within(nameof(SetParameter))?.SetParameter(name, value);

    /// <inheritdoc cref="RunContext.SetAttribute"/>
    public static void SetAttribute(string name, ParameterValue value) => Within(nameof(SetAttribute))?.SetAttribute(name, value);

    /// <inheritdoc cref="RunContext.AddTag"/>
    public static void AddTag(string tag) => Within(nameof(AddTag))?.AddTag(tag);

    /// <inheritdoc cref="RunContext.AddArtifactAsync(string, string?, CancellationToken)"/>
    public static Task AddArtifactAsync(string path, string? name = null, CancellationToken cancellationToken = default) =>
        Within(nameof(AddArtifactAsync))?.AddArtifactAsync(path, name, cancellationToken) ?? Task.CompletedTask;

    private static RunContext? Within(string member)
    {
        var run = RunContext.Current;
        if (run is not null)
            return run;
        CalledOutside?.Invoke(member);
        // There is no host to ask here: what the program logs through, else standard error.
        if (ReferenceEquals(Log.Logger, Logger.None))
            Console.Error.WriteLine($"warning: {nameof(CurrentRun)}.{member} was called outside of a run: nothing was kept.");
        else
            Log.Warning("{Class}.{Member} was called outside of a run: nothing was kept.", nameof(CurrentRun), member);
        return null;
    }
}
