using System.CommandLine;
using System.Reflection;

namespace Orchestrator.Cli.Parsing;

/// <summary>What a person types to call this program, for help and for advice that can be copied.</summary>
internal static class ProgramName
{
    private const string Tool = "orchestrator";

    /// <summary>The home that this call was given; advice that left it out would look elsewhere.</summary>
    private static readonly AsyncLocal<string?> Home = new();

    /// <summary>The program's own name: that of the tool, or of the user's program.</summary>
    public static string Command { get; } =
        Assembly.GetEntryAssembly()?.GetName().Name is { } name && !name.StartsWith("Orchestrator.", StringComparison.Ordinal) ? name : Tool;

    /// <summary>What calls it from the current folder: its name, its path, or <c>dotnet run --project src/My.App --</c>.</summary>
    public static string Current { get; private set; } = Command;

    /// <summary>A call with arguments, in the home of this one.</summary>
    public static string Call(string arguments) => $"{Current} {arguments}{(Home.Value is { } home ? $" --home {ShellText.Quoted(home)}" : "")}";

    /// <summary>Finds out how this process was called.</summary>
    public static void Use() => Current = ProgramCall.Find(
        Assembly.GetEntryAssembly()?.GetName().Name ?? Command, Command, AppContext.BaseDirectory, Environment.CurrentDirectory, Environment.ProcessPath, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Keeps the home of a call for its advice.</summary>
    public static void UseHome(ParseResult parsed) => Home.Value = parsed.GetResult(CommonOptions.Home) is { Implicit: false } ? parsed.GetValue(CommonOptions.Home) : null;
}
