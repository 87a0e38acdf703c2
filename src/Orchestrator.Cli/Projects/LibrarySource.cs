using System.Reflection;
using System.Text.Json;

namespace Orchestrator.Cli.Projects;

/// <summary>Where a project that this program writes finds the libraries: in the sources beside the program, or as packages.</summary>
/// <param name="Checkout">The folder of the sources; <see langword="null"/>: packages are taken.</param>
/// <param name="Feed">The feed that this program itself came from, where that is known: a folder or an address. The libraries' packages lie beside the tool's.</param>
internal sealed record LibrarySource(string? Checkout, string? Feed)
{
    /// <summary>What the ids of the packages begin with.</summary>
    public const string PackagePrefix = "Orchestrator.Sweeps";

    private const string CliProject = "src/Orchestrator.Cli/Orchestrator.Cli.csproj";

    /// <summary>What NuGet leaves in each package that it unpacks.</summary>
    private const string PackageMetadata = ".nupkg.metadata";

    /// <summary>The version of the packages that belong to this program.</summary>
    public static string Version { get; } = PackageVersion(typeof(LibrarySource).Assembly);

    /// <summary>Looks in the folders above the program's own.</summary>
    /// <param name="baseDirectory">Where the program's files are.</param>
    public static LibrarySource Find(string baseDirectory)
    {
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            if (ReadFeed(Path.Combine(folder.FullName, PackageMetadata)) is { } feed)
                return new LibrarySource(null, feed);
            if (File.Exists(Path.Combine(folder.FullName, CliProject)))
                return new LibrarySource(folder.FullName, null);
        }

        return new LibrarySource(null, null);
    }

    private static string? ReadFeed(string metadata)
    {
        if (!File.Exists(metadata))
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(metadata));
            return json.RootElement.TryGetProperty("source", out var source) ? source.GetString() : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What follows a <c>+</c> names the commit, which is no part of a package's version.</summary>
    private static string PackageVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
