using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Tool;

/// <summary>
/// The repository's packages in a folder feed, packed from what was built for these tests, and a folder beside it whose
/// <c>nuget.config</c> knows no feed at all. Other packages come out of the folders that this repository was restored into, so that
/// nothing is fetched and nothing of ours is found anywhere but in the feed, by those who are told of it.
/// </summary>
public sealed class PackedFeed : IAsyncLifetime
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-tool-").FullName;

    /// <summary>Where the packages are.</summary>
    public string Feed => Path.Combine(_root, "feed");

    /// <summary>Where users of the packages work.</summary>
    public string Folder => Path.Combine(_root, "work");

    /// <summary>What the packing said.</summary>
    internal DotNetResult Packing { get; private set; } = new(-1, "");

    /// <summary>The version that was packed.</summary>
    public static string Version { get; } =
        typeof(OrchestratorApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The folder of the <c>dotnet</c> that runs these tests, for programs that look for it.</summary>
    public static string DotNetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public async ValueTask InitializeAsync()
    {
        var repository = RepositoryRoot();
        var restored = RestoredPackages(repository);
        Packing = await DotNet.RunAsync(
            repository,
            restored[0],
            ["pack", "Orchestrator.sln", "--no-build", "-m:1", "-c", Configuration, "-p:ReadyToRun=false", "-o", Feed],
            CancellationToken.None);
        Assert.True(Packing.ExitCode == 0, Packing.Output);

        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
                {string.Concat(restored.Select((folder, i) => $"<add key=\"restored{i}\" value=\"{folder}\" />"))}
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Publishes the program, as it was built for these tests, into a folder.</summary>
    internal static Task<DotNetResult> PublishAsync(string folder)
    {
        var repository = RepositoryRoot();
        return DotNet.RunAsync(
            repository,
            RestoredPackages(repository)[0],
            ["publish", "src/Orchestrator.App", "--no-build", "-m:1", "-c", Configuration, "-p:ReadyToRun=false", "-p:CreateHardLinksForPublishFilesIfPossible=true", "-o", folder],
            TestContext.Current.CancellationToken);
    }

    /// <summary>Runs <c>dotnet</c> as a user who has only the feed; packages are unpacked into a folder of the feed's own.</summary>
    internal Task<DotNetResult> DotNetAsync(string folder, params string[] arguments) =>
        DotNet.RunAsync(folder, Path.Combine(_root, "packages"), arguments, TestContext.Current.CancellationToken);

    /// <summary>This repository.</summary>
    internal static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run inside the repository.");
        return folder;
    }

    /// <summary>The package folders that this repository was restored into.</summary>
    internal static string[] RestoredPackages(string repository)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(repository, "src", "Orchestrator.App", "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }
}
