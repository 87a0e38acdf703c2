using System.Reflection;

namespace Orchestrator.Cli.Projects;

/// <summary>Where a project that this program writes finds the libraries: in the sources beside the program, or as packages.</summary>
/// <param name="Checkout">The folder of the sources; <see langword="null"/>: packages are taken.</param>
/// <param name="Feed">The folder of packages that the tool brings along; <see langword="null"/>: this program has none.</param>
internal sealed record LibrarySource(string? Checkout, string? Feed)
{
    /// <summary>What the ids of the packages begin with.</summary>
    public const string PackagePrefix = "Orchestrator.Sweeps";

    private const string CliProject = "src/Orchestrator.Cli/Orchestrator.Cli.csproj";

    /// <summary>The folder beside the tool.</summary>
    private const string ToolFeed = "feed";

    /// <summary>The version of the packages that belong to this program.</summary>
    public static string Version { get; } = PackageVersion(typeof(LibrarySource).Assembly);

    /// <summary>Looks beside the program, and in the folders above it.</summary>
    /// <param name="baseDirectory">Where the program's files are.</param>
    public static LibrarySource Find(string baseDirectory)
    {
        var feed = Path.Combine(baseDirectory, ToolFeed);
        if (File.Exists(Path.Combine(feed, $"{PackagePrefix}.Cli.{Version}.nupkg")))
            return new LibrarySource(null, feed);
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, CliProject)))
                return new LibrarySource(folder.FullName, null);
        }

        return new LibrarySource(null, null);
    }

    /// <summary>What follows a <c>+</c> names the commit, which is no part of a package's version.</summary>
    private static string PackageVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
