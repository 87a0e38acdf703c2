using System.Globalization;
using System.Text.Json;
using Hangfire.Dashboard;
using Orchestrator.Configuration;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>What a sweep is, and when it was executed.</summary>
internal static class SweepFacts
{
    public static Markup Render(UrlHelper url, SweepRecord sweep, string? job)
    {
        var facts = new Facts()
            .Add("Id", Markup.Of($"<span class=\"orc-id\">{sweep.Id}</span>"))
            .Add("Description", sweep.Description, 600)
            .Add("Method", sweep.Kind == ExperimentKind.Experiment ? "runs held by hand" : sweep.Method)
            .Add("Metric", MetricOf(sweep))
            .AddCode(sweep.Definition.Contains("\"command\"", StringComparison.Ordinal) ? "Command" : "Trainable", WhatRuns(sweep.Definition))
            .AddCode("File", sweep.File)
            .Add("Project", sweep.Project)
            .Add("Job", job is null ? Markup.Empty : Markup.Of($"<a href=\"{url.JobDetails(job)}\">{HtmlText.Name("#" + job, 20)}</a>"))
            .Add("Created", Moments.Exact(sweep.CreatedAt))
            .Add("Started", sweep.StartedAt is null ? Markup.Empty : Moments.Exact(sweep.StartedAt))
            .Add("Ended", sweep.EndedAt is null || sweep.IsExecuted() ? Markup.Empty : Moments.Exact(sweep.EndedAt));
        if (sweep.Priority != 0)
            facts.Add("Priority", sweep.Priority.ToString(CultureInfo.InvariantCulture));
        if (sweep.ReproducibleLag is { } lag)
            facts.Add("Repeatable", sweep.ReproducibilityLost is { } lost ? "no longer: " + lost : string.Create(CultureInfo.InvariantCulture, $"yes (lag {lag})"));
        facts.Add("Tags", Markup.Join(sweep.Tags.Select(t => Markup.Of($"<span class=\"label label-default orc-tag\">{HtmlText.Name(t, 40)}</span>")), " "));
        facts.Add("Attributes", Markup.Join(sweep.Attributes.Select(a => Markup.Of($"<code>{HtmlText.Name($"{a.Key}={a.Value}", 100)}</code>")), " "));
        return facts.Render();
    }

    private static string? MetricOf(SweepRecord sweep) => sweep.Metric.Name.Length == 0
        ? null
        : $"{Words.Of(sweep.Metric.Goal)} {sweep.Metric.Name}{(sweep.Metric.Target is { } target ? $", until {Human.Number(target)} is reached" : "")}";

    /// <summary>The trainable, or the command in one line; <see langword="null"/> where code runs that has no name.</summary>
    private static string? WhatRuns(string definition)
    {
        using var document = JsonDocument.Parse(definition);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return null;
        if (document.RootElement.TryGetProperty("command", out var command) && command.ValueKind == JsonValueKind.Array)
            return string.Join(' ', command.EnumerateArray().Select(a => a.ToString()));
        return document.RootElement.TryGetProperty("trainable", out var trainable)
            ? trainable.ValueKind == JsonValueKind.Object && trainable.TryGetProperty("type", out var type) ? type.ToString() : trainable.ToString()
            : null;
    }
}
