using System.CommandLine;
using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli;

/// <summary>One call of the program: parses the arguments, runs the verb, turns every way to end into an exit code.</summary>
internal sealed class CliApp(CliConsole console, Action<OrchestratorAppBuilder>? configure)
{
    public CliConsole Console { get; } = console;

    /// <summary>Registers what the program brings along.</summary>
    public Action<OrchestratorAppBuilder>? Configure { get; } = configure;

    public async Task<int> RunAsync(string[] args)
    {
        var json = args.TakeWhile(a => a != "--").Contains("--json");
        try
        {
            var root = CommandTree.Create(this, args);
            // An argument that begins with @ is an argument, not a file of arguments.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            ProgramName.UseHome(parsed);
            if (parsed.Errors.Count > 0)
                return UsageErrors.Report(parsed, this, json);

            // Signals and exceptions are ours: the library would answer both in its own way.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = Console.Out,
                Error = Console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception cause)
        {
            return ErrorReport.Write(cause, Console, json);
        }
    }
}
