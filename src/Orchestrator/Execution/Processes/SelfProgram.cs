using System.Reflection;

namespace Orchestrator.Execution.Processes;

/// <summary>How this program is started once more, in one of its hidden parts.</summary>
internal static class SelfProgram
{
    /// <summary>The argument that makes a start of the program one of its parts; the part's name follows.</summary>
    public const string Argument = "--orchestrator-process";

    public const string Launcher = "launcher";
    public const string Worker = "worker";

    /// <summary>Becomes the program that the arguments behind it name, in a session of its own; the portable way on Unix.</summary>
    public const string Shell = "become";

    /// <summary>Kills what an orchestrator that was killed has left; the portable way on Unix.</summary>
    public const string Guard = "guard";

    /// <summary>The descriptor over which a part speaks with the orchestrator, and one over which it hears what is urgent.</summary>
    public const int Channel = 3;
    public const int Control = 4;

    private static volatile bool Answers;

    /// <summary>Whether the program looks for the argument: otherwise it would begin its own work once more.</summary>
    public static bool CanStart => Answers && Command("") is not null;

    public static void DeclareAnswering() => Answers = true;

    /// <summary>The part that the arguments ask for.</summary>
    public static string? AskedFor(IReadOnlyList<string> args) => args is [Argument, var part, ..] ? part : null;

    /// <summary>The command; <see langword="null"/>: the program cannot be found.</summary>
    public static IReadOnlyList<string>? Command(string part)
    {
        if (Environment.ProcessPath is not { } program)
            return null;
        if (!Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            return [program, Argument, part];
        return Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly ? [program, assembly, Argument, part] : null;
    }
}
