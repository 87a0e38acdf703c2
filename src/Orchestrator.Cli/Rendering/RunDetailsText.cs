using System.Text.Json;

namespace Orchestrator.Cli.Rendering;

/// <summary>Tasks, artifacts and what made the result of a run, in text.</summary>
internal static class RunDetailsText
{
    public static void Write(CliConsole console, RunDetails details)
    {
        if (details.Tasks.Count > 0)
            Tasks(console, details.Tasks);
        if (details.Artifacts.Count > 0)
            Artifacts(console, details.Artifacts);
        if (details.Environment is { } environment)
            Environment(console.Out, environment);
    }

    private static void Tasks(CliConsole console, IReadOnlyList<TaskNote> tasks)
    {
        console.Out.WriteLine();
        var table = new TextTable(console, new("task"), new("duration", IsNumber: true), new("failure"));
        foreach (var task in tasks)
            table.Add(Human.Line(task.Name), Human.Duration((task.EndedAt - task.StartedAt)?.TotalSeconds), task.Failure is { } failure ? Human.Failure(failure) : "");
        table.End();
    }

    private static void Artifacts(CliConsole console, IReadOnlyList<ArtifactNote> artifacts)
    {
        console.Out.WriteLine();
        var table = new TextTable(console, new("artifact"), new("bytes", IsNumber: true), new("sha256"), new("file"));
        foreach (var artifact in artifacts)
            table.Add(Human.Line(artifact.Name), Human.Count(artifact.Bytes), artifact.Sha256[..16], Human.Line(artifact.Path));
        table.End();
    }

    private static void Environment(TextWriter output, string environment)
    {
        output.WriteLine();
        output.WriteLine("made by");
        using var document = JsonDocument.Parse(environment);
        foreach (var member in document.RootElement.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            var value = member.Value.ValueKind == JsonValueKind.Array ? string.Join(", ", member.Value.EnumerateArray()) : member.Value.ToString();
            output.WriteLine($"  {member.Name} = {Human.Line(value)}");
        }
    }
}
