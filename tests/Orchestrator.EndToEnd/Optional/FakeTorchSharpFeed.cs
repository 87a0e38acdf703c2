using System.IO.Compression;

namespace Orchestrator.EndToEnd.Optional;

/// <summary>
/// A folder feed with a package that is TorchSharp by name and version only, and the packages that bring its native library:
/// as the real ones, those are empty and depend on it.
/// </summary>
public sealed class FakeTorchSharpFeed : IAsyncLifetime
{
    public const string Version = "0.106.0";

    private readonly string _folder = Directory.CreateTempSubdirectory("optional-feed-").FullName;

    public string Folder => Path.Combine(_folder, "feed");

    public async ValueTask InitializeAsync()
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "TorchSharp")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "TorchSharp.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>{Version}</Version>
                <Authors>nobody</Authors>
                <RestoreSources>{_folder}</RestoreSources>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "torch.cs"), "namespace TorchSharp; public static class torch { public const int Two = 2; }");
        var packages = Path.Combine(_folder, "packages");
        var result = await DotNet.RunAsync(project, packages, ["pack", "-m:1", "-o", Folder], CancellationToken.None);
        Assert.True(result.ExitCode == 0, result.Output);
        foreach (var native in (string[])["TorchSharp-cpu", "TorchSharp-cuda-linux", "TorchSharp-cuda-windows"])
            await PackNativeAsync(native);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PackNativeAsync(string id)
    {
        await using var package = new ZipArchive(File.Create(Path.Combine(Folder, $"{id}.{Version}.nupkg")), ZipArchiveMode.Create);
        await using var manifest = new StreamWriter(await package.CreateEntry($"{id}.nuspec").OpenAsync());
        await manifest.WriteAsync($"""
            <?xml version="1.0"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id>
                <version>{Version}</version>
                <authors>nobody</authors>
                <description>Stands in for the native library.</description>
                <dependencies>
                  <group targetFramework="net10.0"><dependency id="TorchSharp" version="{Version}" /></group>
                </dependencies>
              </metadata>
            </package>
            """);
    }
}
