using System.Reflection;
using System.Security;
using System.Text;

namespace Orchestrator.Cli.Projects;

/// <summary>The project file of a program of one's own, and the <c>nuget.config</c> that it needs.</summary>
/// <param name="source">Where the libraries are.</param>
/// <param name="folder">The project's folder.</param>
/// <param name="torch">Whether the program trains with TorchSharp.</param>
internal sealed class ProjectFile(LibrarySource source, string folder, bool torch)
{
    private static readonly (string System, string Condition)[] Systems =
    [
        ("linux-x64", "$([MSBuild]::IsOSPlatform('Linux'))"),
        ("osx-arm64", "$([MSBuild]::IsOSPlatform('OSX'))"),
        ("win-x64", "$([MSBuild]::IsOSPlatform('Windows'))"),
    ];

    /// <summary>The project file.</summary>
    public string Text()
    {
        var text = new StringBuilder("""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>

            """);
        if (torch)
        {
            text.AppendLine("    <!-- libtorch is half a gigabyte: the output shares NuGet's copy. -->");
            text.AppendLine("    <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>");
        }

        if (HasCentralVersions())
        {
            text.AppendLine("    <!-- A folder above keeps the versions of its packages in one place; this project has its own. -->");
            text.AppendLine("    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>");
        }

        text.AppendLine("  </PropertyGroup>").AppendLine("  <ItemGroup>");
        AppendLibrary(text, "Cli");
        if (torch)
        {
            AppendLibrary(text, "Torch");
            text.AppendLine($"    <!-- TorchSharp's native library for this system. For an NVIDIA GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows, {VersionOf("TorchSharp")}, instead. -->");
            foreach (var (system, condition) in Systems)
                text.AppendLine($"    <PackageReference Include=\"libtorch-cpu-{system}\" Version=\"{VersionOf("Libtorch")}\" Condition=\"{condition}\" />");
        }

        return text.AppendLine("  </ItemGroup>").AppendLine("</Project>").ToString();
    }

    /// <summary>Tells NuGet of the feed that the libraries are on; <see langword="null"/>: it is one that NuGet knows.</summary>
    public string? NuGetConfig() => source.Feed is { } feed
        ? $"""
        <configuration>
          <packageSources>
            <!-- The packages that the tool brought along which wrote this project. -->
            <add key="orchestrator" value="{SecurityElement.Escape(feed)}" />
          </packageSources>
        </configuration>

        """
        : null;

    private void AppendLibrary(StringBuilder text, string library) => text.AppendLine(source.Checkout is { } checkout
        ? $"    <ProjectReference Include=\"{SecurityElement.Escape(PathTo(checkout, $"src/Orchestrator.{library}/Orchestrator.{library}.csproj"))}\" />"
        : $"    <PackageReference Include=\"{LibrarySource.PackagePrefix}.{library}\" Version=\"{LibrarySource.Version}\" />");

    /// <summary>Relative where both may be moved together.</summary>
    private string PathTo(string checkout, string project)
    {
        var path = Path.Combine(checkout, project);
        return (IsWithin(checkout) ? Path.GetRelativePath(folder, path) : path).Replace('\\', '/');
    }

    private bool IsWithin(string checkout) => (folder + Path.DirectorySeparatorChar).StartsWith(checkout + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private bool HasCentralVersions()
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "Directory.Packages.props")))
                return true;
        }

        return false;
    }

    /// <summary>As this program was built with.</summary>
    private static string VersionOf(string key) =>
        typeof(ProjectFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key + "Version").Value!;
}
