using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Orchestrator.EndToEnd.Optional;

/// <summary>
/// A repository of its own in a temporary folder, with this one's <c>build/</c> and package versions and nothing else of it,
/// and projects that can do without TorchSharp. Its only feed is an empty folder.
/// </summary>
internal sealed class TemporaryRepository : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("optional-repo-").FullName;

    public TemporaryRepository(params string[] projects)
    {
        var source = SourceRoot();
        Directory.CreateDirectory(Path.Combine(_root, "build"));
        foreach (var file in Directory.GetFiles(Path.Combine(source, "build"), "OptionalPackages.*"))
            File.Copy(file, Path.Combine(_root, "build", Path.GetFileName(file)));
        File.Copy(Path.Combine(source, "Directory.Packages.props"), Path.Combine(_root, "Directory.Packages.props"));
        Directory.CreateDirectory(Path.Combine(_root, "empty-feed"));
        Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreSources>$(MSBuildThisFileDirectory)empty-feed</RestoreSources>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        foreach (var project in projects)
            WriteProject(project);
        Write("all.slnx", $"<Solution>{string.Concat(projects.Select(name => $"<Project Path=\"src/{name}/{name}.csproj\" />"))}</Solution>");
    }

    /// <summary>NuGet's remembered answers: the files' contents.</summary>
    public string[] Answers
    {
        get
        {
            var folder = Path.Combine(_root, "artifacts", "optional-packages");
            return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(File.ReadAllText)] : [];
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllText(Path.Combine(_root, path), text);
    }

    public Task<DotNetResult> BuildAsync(params string[] arguments) => RunAsync("build", arguments);

    public Task<DotNetResult> PackAsync(params string[] arguments) => RunAsync("pack", ["-o", Path.Combine(_root, "packed"), .. arguments]);

    /// <summary>What the package of a project says of itself.</summary>
    public XDocument Manifest(string project)
    {
        using var package = ZipFile.OpenRead(Path.Combine(_root, "packed", $"{project}.1.0.0.nupkg"));
        using var stream = package.GetEntry($"{project}.nuspec")!.Open();
        return XDocument.Load(stream);
    }

    public Task<DotNetResult> RestoreAsync(params string[] arguments) => RunAsync("restore", arguments);

    /// <summary>The types that were compiled, and the assemblies that they refer to.</summary>
    public (string[] Types, string[] References) Compiled(string project)
    {
        using var reader = new PEReader(File.OpenRead(Path.Combine(_root, "src", project, "bin", "Debug", "net10.0", project + ".dll")));
        var metadata = reader.GetMetadataReader();
        return ([.. metadata.TypeDefinitions.Select(type => metadata.GetString(metadata.GetTypeDefinition(type).Name))],
            [.. metadata.AssemblyReferences.Select(name => metadata.GetString(metadata.GetAssemblyReference(name).Name))]);
    }

    /// <summary>What the last restore decided to use.</summary>
    public string Restored(string project) => File.ReadAllText(Path.Combine(_root, "src", project, "obj", "project.assets.json"));

    private static string SourceRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie below Orchestrator.sln.");
        return folder.FullName;
    }

    private void WriteProject(string name)
    {
        Write($"src/{name}/{name}.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <OptionalSource Include="TorchSharp/**/*.cs" Package="TorchSharp" />
              </ItemGroup>
              <Import Project="../../build/OptionalPackages.targets" />
            </Project>
            """);
        // Refers to the package's code beyond a constant, so that the compiler keeps the reference.
        Write($"src/{name}/TorchSharp/OptionalSource.cs", "public class OptionalSource { public System.Type Torch = typeof(TorchSharp.torch); }");
        Write($"src/{name}/Always.cs", """
            public class Always;
            #if TORCHSHARP
            public class WithConstant;
            #endif
            """);
    }

    // One node unless a test wants more (the last -m counts): starting another costs more than it gives.
    private Task<DotNetResult> RunAsync(string verb, string[] arguments) =>
        DotNet.RunAsync(_root, Path.Combine(_root, "packages"), [verb, "all.slnx", "-m:1", .. arguments], TestContext.Current.CancellationToken);
}
