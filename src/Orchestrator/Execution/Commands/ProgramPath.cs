namespace Orchestrator.Execution.Commands;

/// <summary>Looks for programs as the system does: with a slash from the current folder, without one in PATH.</summary>
internal static class ProgramPath
{
    /// <summary>Where a program lies; <see langword="null"/>: it is not there, or may not be executed.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/') || (OperatingSystem.IsWindows() && program.Contains('\\')))
            return IsExecutable(program) ? Path.GetFullPath(program) : null;
        var names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? new[] { program + ".exe", program + ".cmd", program + ".bat" } : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(IsExecutable);
    }

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
}
