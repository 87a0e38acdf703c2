using System.CommandLine;
using Orchestrator.Text;

namespace Orchestrator.Cli.Parsing;

/// <summary>Says what is wrong with the arguments, with the nearest that would be right.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult parsed, CliApp app, bool json)
    {
        var verb = parsed.CommandResult.Command;
        if (verb is RootCommand && parsed.Tokens.Count == 0)
        {
            verb.Parse("--help").Invoke(new InvocationConfiguration { Output = app.Console.Error, Error = app.Console.Error });
            return ExitCodes.Usage;
        }

        var missing = verb.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }).ToList();
        var message = parsed.UnmatchedTokens.Count > 0
            ? Unknown(parsed.UnmatchedTokens.FirstOrDefault(t => t.StartsWith('-')) ?? parsed.UnmatchedTokens[0], verb)
            : missing.Count > 0 ? $"'{verb.Name}' needs {string.Join(" and ", missing.Select(a => a.Name))}."
            : string.Join(' ', parsed.Errors.Select(e => e.Message));
        var help = verb is RootCommand ? $"{ProgramName.Current} --help" : $"{ProgramName.Current} {verb.Name} --help";
        return ErrorReport.Write(CliException.Usage($"{message} See '{help}'."), app.Console, json);
    }

    public static string UnknownOption(string token, Command verb) =>
        $"There is no option '{token}'{Suggestion.Hint(token.Split('=', ':')[0], Options(verb))}";

    private static string Unknown(string token, Command verb)
    {
        if (token.StartsWith('-'))
            return UnknownOption(token, verb);
        return verb is RootCommand
            ? $"There is no verb '{token}'{Suggestion.Hint(token, verb.Subcommands.Select(c => c.Name))}"
            : $"'{token}' is one argument too many for '{verb.Name}'.";
    }

    private static IEnumerable<string> Options(Command verb) =>
        verb.Options.Concat(verb.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o.Recursive)).Select(o => o.Name);
}
