using System.Text.Json;
using Orchestrator.Diagnostics;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Presentation;
using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Views;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>What a run left behind: artifacts, checkpoints, what its trackers lost, and what made its result.</summary>
internal static class FileSections
{
    private const int MostArtifacts = 200;
    private const int LongestFact = 30;

    public static Markup Render(RunView view) => Markup.Of($"""
        {(view.Details.Artifacts.Count == 0 ? Markup.Empty : Artifacts(view.Details.Artifacts))}
        {(view.Checkpoints.Count == 0 ? Markup.Empty : Checkpoints(view.Checkpoints, view.Folder))}
        {(view.Run.TrackerLosses.Count == 0 ? Markup.Empty : Losses(view.Run.TrackerLosses))}
        {(view.Details.Environment is { } environment ? Environment(environment) : Markup.Empty)}
        """);

    private static Markup Artifacts(IReadOnlyList<ArtifactNote> artifacts) => Markup.Of($"""
        <h3>Artifacts</h3>
        <div class="table-responsive"><table class="table table-condensed orc-table">
            <thead><tr><th>Name</th><th class="min-width align-right">Size</th><th class="min-width">SHA-256</th><th>File</th></tr></thead>
            <tbody>{artifacts.Take(MostArtifacts).Select(a => Markup.Of($"<tr class=\"hover\"><td class=\"orc-name\">{HtmlText.Name(a.Name)}</td><td class=\"align-right min-width\">{ByteText.Of(a.Bytes)}</td><td class=\"min-width\"><code title=\"{a.Sha256}\">{HtmlText.Shorten(a.Sha256, 13)}</code></td><td class=\"orc-name\">{HtmlText.Name(a.Path)}</td></tr>"))}</tbody>
        </table></div>
        {(artifacts.Count > MostArtifacts ? Markup.Of($"<p class=\"text-muted\">And {Human.Count(artifacts.Count - MostArtifacts)} more.</p>") : Markup.Empty)}
        """);

    private static Markup Checkpoints(IReadOnlyList<StoredCheckpoint> checkpoints, string folder) => Markup.Of($"""
        <h3>Checkpoints</h3>
        <div class="table-responsive"><table class="table table-condensed orc-table">
            <thead><tr><th class="min-width align-right">Step</th><th class="min-width align-right">Attempt</th><th class="min-width">Saved</th><th class="min-width align-right">Size</th><th>File</th></tr></thead>
            <tbody>{checkpoints.Select(c => Markup.Of($"<tr class=\"hover\"><td class=\"align-right\">{Human.Count(c.Note.Step)}</td><td class=\"align-right\">{c.Base.Attempt}</td><td class=\"min-width\">{Moments.Exact(c.Note.At)}</td><td class=\"align-right min-width\">{ByteText.Of(c.Note.Bytes)}</td><td class=\"orc-name\">{HtmlText.Name(c.Note.Path)}{(File.Exists(Path.Combine(folder, c.Note.Path)) ? "" : " (gone)")}</td></tr>"))}</tbody>
        </table></div>
        """);

    private static Markup Losses(IReadOnlyList<TrackerLoss> losses) => Markup.Of($"""
        <h3>Lost by trackers</h3>
        <p class="text-muted">Everything on this page is from the store, which has all.</p>
        <div class="table-responsive"><table class="table table-condensed orc-table">
            <thead><tr><th class="min-width">Tracker</th><th class="min-width align-right">Attempt</th><th class="min-width align-right">Values</th><th>Why</th></tr></thead>
            <tbody>{losses.Select(l => Markup.Of($"<tr class=\"hover\"><td class=\"min-width\">{HtmlText.Name(l.Tracker, 40)}</td><td class=\"align-right\">{l.Attempt}</td><td class=\"align-right\">{Human.Count(l.Points)}</td><td class=\"orc-message\">{HtmlText.Name(l.Reason, 300)}</td></tr>"))}</tbody>
        </table></div>
        """);

    private static Markup Environment(string environment)
    {
        using var document = JsonDocument.Parse(environment);
        var facts = new Facts();
        foreach (var member in document.RootElement.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            var value = member.Name == "memoryBytes" && member.Value.TryGetInt64(out var bytes) ? ByteText.Of(bytes)
                : member.Value.ValueKind == JsonValueKind.Array ? string.Join(", ", member.Value.EnumerateArray())
                : member.Value.ToString();
            facts.Add(member.Name == "memoryBytes" ? "memory" : Spaced(member.Name), value, LongestFact);
        }

        return Markup.Of($"<h3>Made by</h3>{facts.Render()}");
    }

    /// <summary><c>programVersion</c> as words.</summary>
    private static string Spaced(string name) => string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
}
