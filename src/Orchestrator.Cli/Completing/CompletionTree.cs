using System.CommandLine;

namespace Orchestrator.Cli.Completing;

/// <summary>Gives the arguments and options of all verbs what completes them, by the names that they share.</summary>
internal static class CompletionTree
{
    public static void AddTo(CliApp app, Command root)
    {
        foreach (var verb in root.Subcommands)
        {
            foreach (var argument in verb.Arguments)
            {
                argument.HelpName = argument.Name; // the help would list the possibilities in its place
                if (argument.Name == "FILE")
                    argument.CompletionSources.Add(CompletionSources.Files);
                else if (argument.Name == "SWEEP")
                    argument.CompletionSources.Add(context => CompletionSources.Sweeps(app, context));
            }

            foreach (var option in verb.Options)
            {
                if (option.Name == "--sort")
                    option.CompletionSources.Add(context => CompletionSources.Fields(app, context));
            }
        }
    }
}
