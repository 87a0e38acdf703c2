namespace Orchestrator.Cli.Parsing;

/// <summary>Text as it is typed in a shell.</summary>
internal static class ShellText
{
    /// <summary>The argument, in quotes where the shell would read it otherwise.</summary>
    public static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./\\:=,+@%".Contains(c, StringComparison.Ordinal))
            ? argument
            : OperatingSystem.IsWindows() ? $"\"{argument}\"" : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
