using System.Globalization;
using Orchestrator.Diagnostics;

namespace Orchestrator.Sweeps.Steering;

/// <summary>What a sweep's limits, and those of its runs, may be set to while it stands.</summary>
internal static class SettingRules
{
    /// <summary>Why the request cannot be followed, if it cannot.</summary>
    public static string? Problem(this SteeringRequest request, SweepDefinition definition, long nextRun)
    {
        var limits = definition.Limits;
        if (request.Duration is not null && definition.Reproducible is not null)
            return "The sweep is reproducible, and cannot end by the clock: it has no limits.duration.";
        if (request is { MaxRuns: < 1 })
            return "limits.maxRuns is at least 1.";
        if (request is { MoreRuns: < 1 })
            return "The number of runs to add is at least 1.";
        if (request is { MaxConcurrent: < 1 })
            return "limits.maxConcurrent is at least 1; to start nothing new, pause the sweep.";
        if (request.Duration is { } duration && duration <= TimeSpan.Zero)
            return "limits.duration is positive.";
        if (request.MaxRuns is { } most && most < nextRun)
            return string.Create(CultureInfo.InvariantCulture, $"The sweep has {nextRun} runs already; limits.maxRuns cannot be {most}. To start nothing new, stop the sweep.");
        if (request.MoreRuns is not null && limits.MaxRuns is null)
            return "The sweep has no limits.maxRuns that could be raised: it ends when its method has nothing left, or by another limit.";
        if (request.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            return "timeout is positive.";
        if (request is { MaxAttempts: < 1 })
            return "retry.maxAttempts is at least 1; all attempts are counted.";
        if (request.Backoff is { } backoff && backoff < TimeSpan.Zero)
            return "retry.backoff is not negative.";
        if (request is { Memory: < 1 } or { Artifacts: < 1 } or { Log: < 1 })
            return "resources.memory, resources.artifacts and resources.log are positive.";
        if (request.Artifacts is not null && definition.Command.Count > 0)
            return "The sweep's runs are a command, which adds no artifacts: it has no resources.artifacts.";
        return null;
    }

    /// <summary>Whether a sweep that is complete has something to do again; asked before the limits are changed.</summary>
    public static bool GivesMore(this SteeringRequest request, SweepLimits limits, double elapsedSeconds)
    {
        var ranOutOfTime = limits.Duration is { } before && elapsedSeconds >= before.TotalSeconds;
        return (request.MoreRuns ?? request.MaxRuns) is not null || (ranOutOfTime && request.Duration?.TotalSeconds > elapsedSeconds);
    }

    public static void ApplyTo(this SteeringRequest request, SweepDefinition definition)
    {
        var (limits, retry, resources) = (definition.Limits, definition.Retry, definition.Resources);
        limits.MaxRuns = request.MaxRuns ?? (request.MoreRuns is { } more ? limits.MaxRuns + more : limits.MaxRuns);
        limits.MaxConcurrent = request.MaxConcurrent ?? limits.MaxConcurrent;
        limits.Duration = request.Duration ?? limits.Duration;
        definition.Timeout = request.Timeout ?? definition.Timeout;
        retry.MaxAttempts = request.MaxAttempts ?? retry.MaxAttempts;
        retry.Backoff = request.Backoff ?? retry.Backoff;
        resources.Memory = request.Memory ?? resources.Memory;
        resources.Artifacts = request.Artifacts ?? resources.Artifacts;
        resources.Log = request.Log ?? resources.Log;
    }

    /// <summary>What is in force now.</summary>
    public static string Describe(this SteeringRequest request, SweepDefinition definition)
    {
        var (limits, retry) = (definition.Limits, definition.Retry);
        var parts = new List<string>();
        if (request.MaxRuns is not null || request.MoreRuns is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"limits.maxRuns is {limits.MaxRuns}"));
        if (request.MaxConcurrent is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"limits.maxConcurrent is {limits.MaxConcurrent}"));
        if (request.Duration is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"limits.duration is {limits.Duration:g}"));
        if (request.Priority is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"the priority is {request.Priority}"));
        if (request.Timeout is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"timeout is {definition.Timeout:g}"));
        if (request.MaxAttempts is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"retry.maxAttempts is {retry.MaxAttempts}"));
        if (request.Backoff is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"retry.backoff is {retry.Backoff:g}"));
        if (request.Memory is { } memory)
            parts.Add($"resources.memory is {ByteText.Of(memory)}");
        if (request.Artifacts is { } artifacts)
            parts.Add($"resources.artifacts is {ByteText.Of(artifacts)}");
        if (request.Log is { } log)
            parts.Add($"resources.log is {ByteText.Of(log)}");
        return parts.Count == 0 ? "Nothing was changed." : "From now on " + string.Join(", ", parts) + ".";
    }
}
