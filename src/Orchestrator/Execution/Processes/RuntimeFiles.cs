using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// The files in the temporary folder by which debuggers and profilers reach a .NET process. It removes them itself when it ends in good order; one
/// that is killed leaves them for ever, three each time.
/// </summary>
internal static class RuntimeFiles
{
    /// <summary>The variable that names the temporary folder.</summary>
    public const string FolderVariable = "TMPDIR";

    /// <summary>Removes those of a process that has ended, or is going to without looking back; others' are not touched.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="started">When it started (<see cref="ProcessEntry.Started"/>); <see langword="null"/>: not known, all of that id are removed.</param>
    /// <param name="folder">What <see cref="FolderVariable"/> said in its environment.</param>
    public static void Remove(int process, long? started, string? folder)
    {
        if (string.IsNullOrEmpty(folder))
            folder = "/tmp";
        if (!Path.IsPathRooted(folder))
            return; // relative to where that process began
        try
        {
            foreach (var path in started is { } moment ? Names(folder, process, moment) : Found(folder, process))
                File.Delete(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // somebody else's, or no folder: litter is no failure
        }
    }

    private static string[] Names(string folder, int process, long started)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{process}-{started}");
        return
        [
            Path.Combine(folder, $"clr-debug-pipe-{name}-in"),
            Path.Combine(folder, $"clr-debug-pipe-{name}-out"),
            Path.Combine(folder, $"dotnet-diagnostic-{name}-socket"),
        ];
    }

    private static IEnumerable<string> Found(string folder, int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        return [.. Directory.EnumerateFiles(folder, $"clr-debug-pipe-{id}-*"), .. Directory.EnumerateFiles(folder, $"dotnet-diagnostic-{id}-*-socket")];
    }
}
