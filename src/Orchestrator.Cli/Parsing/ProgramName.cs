using System.Reflection;

namespace Orchestrator.Cli.Parsing;

/// <summary>What a person types to call this program.</summary>
internal static class ProgramName
{
    private const string Tool = "orchestrator";

    /// <summary>The name of the .NET tool, or of the user's own program.</summary>
    public static string Current { get; } =
        Assembly.GetEntryAssembly()?.GetName().Name is { } name && !name.StartsWith("Orchestrator.", StringComparison.Ordinal) ? name : Tool;
}
