using Orchestrator.Cli.Json;
using Orchestrator.Querying;
using Orchestrator.Sweeps;

namespace Orchestrator.Cli;

/// <summary>Says what ended the program: a sentence on standard error, under <c>--json</c> a document on standard output as well.</summary>
internal static class ErrorReport
{
    public static int Write(Exception cause, CliConsole console, bool json)
    {
        var (code, exit) = Classify(cause);
        var problems = cause is InvalidDefinitionException invalid ? Problems(invalid) : [];
        if (json)
            JsonOutput.Write(console, writer => ErrorJson.Write(writer, code, cause.Message, exit, problems));
        console.Error.WriteLine(Text(cause));
        if (exit == ExitCodes.Internal && code == "internal" && !string.IsNullOrEmpty(console.Variable("ORCHESTRATOR_DEBUG")))
            console.Error.WriteLine(cause);
        console.Error.Flush();
        return exit;
    }

    private static (string Code, int Exit) Classify(Exception cause) => cause switch
    {
        CliException mine => (mine.Code, mine.ExitCode),
        InvalidDefinitionException => ("invalidSweepFile", ExitCodes.InvalidFile),
        SweepBusyException => ("busy", ExitCodes.Busy),
        SweepNotFoundException => ("notFound", ExitCodes.Usage),
        RunFilterException or RunSortException => ("usage", ExitCodes.Usage),
        SteeringException => ("refused", ExitCodes.Usage),
        InvalidPoolException => ("settings", ExitCodes.Usage),
        StoreException => ("store", ExitCodes.Internal),
        _ => ("internal", ExitCodes.Internal),
    };

    private static string Text(Exception cause) => cause switch
    {
        InvalidDefinitionException => cause.Message,
        StoreException or SweepBusyException or SweepNotFoundException or RunFilterException or RunSortException or SteeringException or InvalidPoolException or CliException => "error: " + cause.Message,
        _ => $"error: {FirstLine(cause.Message)} ({cause.GetType().Name}; run with ORCHESTRATOR_DEBUG=1 for the stack)",
    };

    private static IReadOnlyList<LocatedProblem> Problems(InvalidDefinitionException cause) =>
        cause is InvalidSweepFileException file ? file.Located : [.. cause.Problems.Select(p => new LocatedProblem("", 0, 0, p))];

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n', 2)[0];
}
