namespace Orchestrator.Cli;

/// <summary>A request that cannot be served; the message is for the person who made it.</summary>
/// <param name="code">One word for scripts, in the <c>--json</c> form of the error.</param>
/// <param name="message">What is wrong, and what there is instead.</param>
/// <param name="exitCode">The program's exit code.</param>
internal sealed class CliException(string code, string message, int exitCode = ExitCodes.Usage) : Exception(message)
{
    public string Code { get; } = code;

    public int ExitCode { get; } = exitCode;

    /// <summary>The command line is wrong.</summary>
    public static CliException Usage(string message) => new("usage", message);

    /// <summary>What was named does not exist.</summary>
    public static CliException NotFound(string message) => new("notFound", message);
}
