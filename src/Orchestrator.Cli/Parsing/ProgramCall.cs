namespace Orchestrator.Cli.Parsing;

/// <summary>Finds what calls a program from where its files are.</summary>
internal static class ProgramCall
{
    private static readonly string[] ProjectEndings = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>The call, without a verb.</summary>
    /// <param name="assembly">The name of the program's assembly.</param>
    /// <param name="command">The program's own name.</param>
    /// <param name="baseDirectory">Where its files are.</param>
    /// <param name="currentDirectory">Where it was called.</param>
    /// <param name="processPath">The file that was executed.</param>
    /// <param name="path">The folders in which a shell looks for programs.</param>
    public static string Find(string assembly, string command, string baseDirectory, string currentDirectory, string? processPath, string? path)
    {
        if (FindProject(assembly, baseDirectory) is var (folder, configuration))
        {
            var release = configuration == "Debug" ? "" : $" -c {configuration}";
            var relative = Path.GetRelativePath(currentDirectory, folder);
            return relative == "." ? $"dotnet run{release} --" : $"dotnet run --project {ShellText.Quoted(relative)}{release} --";
        }

        if (processPath is null)
            return command;
        if (Path.GetFileNameWithoutExtension(processPath) is not "dotnet")
        {
            var name = Path.GetFileNameWithoutExtension(processPath);
            return IsOnPath(Path.GetDirectoryName(processPath)!, path) ? name : Typed(currentDirectory, processPath);
        }

        return File.Exists(Path.Combine(baseDirectory, "DotnetToolSettings.xml"))
            ? $"dotnet {command}" // a local tool
            : $"dotnet {ShellText.Quoted(Path.GetRelativePath(currentDirectory, Path.Combine(baseDirectory, assembly + ".dll")))}";
    }

    /// <summary>The folder of the project that a program was built from, where it still lies in that project's <c>bin</c>; with the configuration.</summary>
    private static (string Folder, string Configuration)? FindProject(string assembly, string baseDirectory)
    {
        var configuration = "";
        for (var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(baseDirectory)); folder?.Parent is { } parent; folder = parent)
        {
            if (folder.Name != "bin")
            {
                configuration = folder.Name;
                continue;
            }

            return Array.Exists(ProjectEndings, ending => File.Exists(Path.Combine(parent.FullName, assembly + ending))) ? (parent.FullName, configuration) : null;
        }

        return null;
    }

    private static bool IsOnPath(string folder, string? path) =>
        path?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(p => Path.TrimEndingDirectorySeparator(p) == folder) == true;

    /// <summary>A file as a shell executes it: a name without a folder would be looked for on the path.</summary>
    private static string Typed(string currentDirectory, string file)
    {
        var relative = Path.GetRelativePath(currentDirectory, file);
        return ShellText.Quoted(relative.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? relative : Path.Combine(".", relative));
    }
}
