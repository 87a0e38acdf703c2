using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Orchestrator.EndToEnd.Support;
using Orchestrator.EndToEnd.Tool;
using Orchestrator.Torch;

namespace Orchestrator.EndToEnd;

/// <summary>What a new user does: installs the tool from a feed, lets it write a project, and runs that against the packages.</summary>
[Trait("Speed", "Slow")]
public sealed class ToolTests(PackedFeed packed) : IClassFixture<PackedFeed>
{
    private const string Prefix = "Orchestrator.Sweeps";

    private const string Training = """
        {
          "name": "torch",
          "trainable": "torch-digits",
          "metric": {"name": "valAccuracy", "goal": "maximize"},
          "method": "grid",
          "parameters": {"hidden": 16, "learningRate": [0.003, 0.01], "epochs": 1}
        }
        """;

    [Fact]
    public async Task NewUser_InstallsTheTool_AndRunsTheProjectThatItWrites()
    {
        var tools = Path.Combine(packed.Folder, "tools");
        var installed = await packed.DotNetAsync(packed.Folder, "tool", "install", $"{Prefix}.Tool", "--tool-path", tools, "--add-source", packed.Feed);
        Assert.True(installed.ExitCode == 0, installed.Output);

        var version = await ToolAsync(tools, "--version");
        Assert.True(version.ExitCode == 0, version.Error);
        Assert.StartsWith(PackedFeed.Version, version.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(packed.Folder, "torch.json"), Training, TestContext.Current.CancellationToken);
        var trained = await ToolAsync(tools, "sweep", "torch.json");
        Assert.True(trained.ExitCode == 0, trained.Output + trained.Error);
        Assert.Contains("2 completed", trained.Output, StringComparison.Ordinal);

        // Each kind of project runs by the line that is printed for it, on packages that NuGet is told of by what was written beside it.
        await WriteAndSweepAsync(tools, "first-search", []);
        await WriteAndSweepAsync(tools, "first-model", ["--torch"]);
    }

    private async Task WriteAndSweepAsync(string tools, string name, string[] kind)
    {
        var written = await ToolAsync(tools, ["init", "--project", name, .. kind]);
        Assert.True(written.ExitCode == 0, written.Error);
        Assert.EndsWith($"Next: cd {name} && dotnet run -- sweep sweep.yaml", written.Output.TrimEnd(), StringComparison.Ordinal);

        var project = Path.Combine(packed.Folder, name);
        var swept = await packed.DotNetAsync(project, "run", "--", "sweep", "sweep.yaml");
        Assert.True(swept.ExitCode == 0, swept.Output);
        Assert.Contains("12 completed", swept.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning ", swept.Output, StringComparison.Ordinal);

        // Without a build: what was run is stored, and the sweep did search. Its own advice is to be typed here.
        Assert.Matches(@"(?m)^  dotnet run -- show \S+\s*$", swept.Output);
        var best = await packed.DotNetAsync(project, "run", "--no-build", "--", "best", "--json");
        Assert.True(best.ExitCode == 0, best.Output);
        Assert.Contains("\"learningRate\"", best.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_Folder_TrainsWithTorchSharpAndSaysWhereALibraryIsMissing()
    {
        var folder = Path.Combine(packed.Folder, "published");
        var published = await PackedFeed.PublishAsync(folder);
        Assert.True(published.ExitCode == 0, published.Output);
        var file = Path.Combine(packed.Folder, "published.json");
        await File.WriteAllTextAsync(file, Training, TestContext.Current.CancellationToken);

        var trained = await PublishedAsync(folder, "sweep", file, "--home", Path.Combine(packed.Folder, "home"));
        Assert.True(trained.ExitCode == 0, trained.Output + trained.Error);
        Assert.Contains("2 completed", trained.Output, StringComparison.Ordinal);

        var natives = Directory.GetFiles(folder, "*torch*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.DoesNotContain("libtorch_python.so", natives);
        File.Delete(Directory.GetFiles(folder, "*torch_cpu.*", SearchOption.AllDirectories).Single());
        var refused = await PublishedAsync(folder, "sweep", file, "--home", Path.Combine(packed.Folder, "none"));
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("SWP032", refused.Error, StringComparison.Ordinal);
        Assert.Contains("TorchSharp's native library, or one that it needs, is not here", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_CarriesItsSettingsAndTheDigits()
    {
        var content = Entries($"{Prefix}.Tool");
        Assert.Contains(content, name => name.EndsWith("/appsettings.json", StringComparison.Ordinal));
        Assert.Contains(content, name => name.EndsWith("/data/digits.csv.gz", StringComparison.Ordinal));
        Assert.Equal(5, content.Count(name => name.Contains("/feed/Orchestrator.Sweeps.", StringComparison.Ordinal)));
        Assert.DoesNotContain(content, name => name.Contains("android", StringComparison.Ordinal));
        var settings = await ReadAsync($"{Prefix}.Tool", name => name.EndsWith("/DotnetToolSettings.xml", StringComparison.Ordinal));
        Assert.Equal("orchestrator", settings.Descendants("Command").Single().Attribute("Name")?.Value);
    }

    [Theory]
    [InlineData(Prefix, "Orchestrator")]
    [InlineData(Prefix + ".Core", "Orchestrator.Core")]
    [InlineData(Prefix + ".Cli", "Orchestrator.Cli")]
    [InlineData(Prefix + ".Torch", "Orchestrator.Torch")]
    public async Task Library_HasDocumentationReadmeAndSymbols(string id, string assembly)
    {
        Assert.Subset(Entries(id).ToHashSet(), new HashSet<string> { $"lib/net10.0/{assembly}.dll", $"lib/net10.0/{assembly}.xml", "README.md" });
        Assert.Contains($"lib/net10.0/{assembly}.pdb", Entries(id, "snupkg"));
        var manifest = await ReadAsync(id, name => name == $"{id}.nuspec");
        Assert.Equal("README.md", Value(manifest, "readme"));
        Assert.NotEqual("Package Description", Value(manifest, "description"));
    }

    /// <summary>The native library is the program's own choice: a package that brought the one for processors along would be in the way of a GPU's.</summary>
    [Fact]
    public async Task Torch_DependsOnTorchSharpsManagedPackageAlone()
    {
        var manifest = await ReadAsync($"{Prefix}.Torch", name => name == $"{Prefix}.Torch.nuspec");

        var torch = manifest.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)
            .Where(id => id.StartsWith("TorchSharp", StringComparison.Ordinal));
        Assert.Equal(["TorchSharp"], torch);
    }

    [Fact]
    public void Solution_PacksTheLibrariesAndTheTool_AndNothingElse()
    {
        var packages = Directory.GetFiles(packed.Feed, "*.nupkg").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

        Assert.Equal(((string[])["", ".Cli", ".Core", ".Tool", ".Torch", ".Web"]).Select(id => $"{Prefix}{id}.{PackedFeed.Version}.nupkg").Order(StringComparer.Ordinal), packages);
        Assert.DoesNotContain("warning ", packed.Packing.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramResult> PublishedAsync(string folder, params string[] arguments) => ProgramHome.RunAsync(
        new ProcessStartInfo(Path.Combine(PackedFeed.DotNetRoot, "dotnet"), [Path.Combine(folder, "Orchestrator.App.dll"), .. arguments]) { WorkingDirectory = folder });

    private async Task<ProgramResult> ToolAsync(string tools, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(tools, "orchestrator"), arguments)
        {
            WorkingDirectory = packed.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = PackedFeed.DotNetRoot;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await ProgramHome.EndAsync(process);
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    private string[] Entries(string id, string kind = "nupkg")
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{id}.{PackedFeed.Version}.{kind}"));
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    private async Task<XDocument> ReadAsync(string id, Predicate<string> which)
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(packed.Feed, $"{id}.{PackedFeed.Version}.nupkg"));
        await using var stream = await package.Entries.Single(entry => which(entry.FullName)).OpenAsync();
        return await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
    }

    private static string Value(XDocument manifest, string element) => manifest.Descendants().Single(e => e.Name.LocalName == element).Value;
}
