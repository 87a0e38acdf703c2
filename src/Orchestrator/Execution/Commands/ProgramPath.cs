using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>Looks for programs as the system does: with a slash from a folder, without one in PATH.</summary>
internal static class ProgramPath
{
    private const int LongestFirstLine = 256;

    /// <summary>Where a program lies; <see langword="null"/>: it is not there, or may not be executed.</summary>
    /// <param name="program">The program as it is named.</param>
    /// <param name="folder">The folder that it is started in.</param>
    public static string? Find(string program, string folder)
    {
        if (HasFolder(program))
            return Path.GetFullPath(program, folder) is var path && IsExecutable(path) ? path : null;
        var names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? new[] { program + ".exe", program + ".cmd", program + ".bat" } : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(place => names.Select(name => Path.Combine(place, name)))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>Why a program cannot be started, without a full stop; <see langword="null"/>: nothing is wrong with it.</summary>
    /// <param name="program">The program as it is named.</param>
    /// <param name="folder">The folder that it is started in.</param>
    public static string? Problem(string program, string folder)
    {
        if (!Directory.Exists(folder))
            return $"the folder '{folder}', in which it is to start, is not there";
        if (Find(program, folder) is { } found)
            return MissingInterpreter(found);
        if (!HasFolder(program))
            return "it is in no folder of PATH";
        if (program.StartsWith("~/", StringComparison.Ordinal))
            return "no shell reads a command, so '~' is no folder; write '${env:HOME}'";
        var path = Path.GetFullPath(program, folder);
        return Directory.Exists(path) ? $"'{path}' is a folder"
            : File.Exists(path) ? $"'{path}' may not be executed (chmod +x)"
            : $"there is no '{path}'";
    }

    private static bool HasFolder(string program) => program.Contains('/') || (OperatingSystem.IsWindows() && program.Contains('\\'));

    private static bool IsExecutable(string path)
    {
        try
        {
            return File.Exists(path)
                && (OperatingSystem.IsWindows()
                    || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A script whose first line names what is not there: the system's own words would be that the script is missing.</summary>
    private static string? MissingInterpreter(string script)
    {
        if (OperatingSystem.IsWindows() || FirstLine(script) is not { } line || !line.StartsWith("#!", StringComparison.Ordinal))
            return null;
        var words = line[2..].Trim(' ', '\t').Split([' ', '\t'], 2);
        if (words[0].Length == 0 || File.Exists(words[0]))
        {
            return words is [_, var argument] && argument.EndsWith('\r') && Path.GetFileName(words[0]) == "env"
                ? $"its first line asks for '{Shown(argument.TrimStart())}', which is not there (Windows line ends)"
                : null;
        }

        return $"its first line asks for '{Shown(words[0])}', which is not there{(line.EndsWith('\r') ? " (Windows line ends)" : "")}";
    }

    private static string Shown(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal);

    private static string? FirstLine(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LongestFirstLine];
            var text = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            return text.IndexOf((byte)'\n') is >= 0 and var end ? Encoding.UTF8.GetString(text[..end]) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
