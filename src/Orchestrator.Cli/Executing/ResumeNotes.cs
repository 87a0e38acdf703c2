using Orchestrator.Cli.Parsing;
using Orchestrator.Configuration;

namespace Orchestrator.Cli.Executing;

/// <summary>What has changed around a stored sweep since it was started, said before it goes on.</summary>
internal static class ResumeNotes
{
    public static void Say(CliApp app, SweepRecord sweep)
    {
        if (sweep.File is { } file && sweep.FileHash is { } recorded && SweepOrigin.HashOf(file) is { } hash && hash != recorded)
        {
            app.Console.Error.WriteLine(
                $"note: {file} has changed since the sweep was started, which goes on as it was recorded; for a new one: {ProgramName.Current} sweep {file}");
        }

        // Commands start in the folder of the sweep; code runs in this process's.
        if (sweep.Folder is { } folder && folder != Environment.CurrentDirectory && !RunsCommand(sweep))
        {
            app.Console.Error.WriteLine(
                $"note: the sweep was started in {folder}; relative paths that its runs use are looked for in {Environment.CurrentDirectory} now.");
        }
    }

    private static bool RunsCommand(SweepRecord sweep)
    {
        using var definition = System.Text.Json.JsonDocument.Parse(sweep.Definition);
        return definition.RootElement.TryGetProperty("command", out _);
    }
}
