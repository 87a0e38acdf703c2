using System.CommandLine;
using Orchestrator.Cli.Completing;
using Orchestrator.Cli.Parsing;
using Orchestrator.Text;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>completion SHELL</c>: the script that lets a shell complete verbs, options, sweeps and sweep files.</summary>
internal static class CompletionVerb
{
    public static Command Create(CliApp app)
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", CompletionScripts.All.Keys) };
        shell.CompletionSources.Add([.. CompletionScripts.All.Keys]);
        var verb = new Command("completion", "Print the script that lets your shell complete verbs, options and sweeps") { shell };
        verb.SetAction(parsed =>
        {
            var named = parsed.GetRequiredValue(shell);
            if (!CompletionScripts.All.TryGetValue(named, out var script))
                throw CliException.Usage($"There is no completion for '{named}'{Suggestion.Hint(named, CompletionScripts.All.Keys)}");
            app.Console.Out.Write(script(ProgramName.Command).ReplaceLineEndings("\n"));
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "completion bash >> ~/.bash_completion", "completion pwsh | Out-String | Invoke-Expression");
        return verb;
    }
}
