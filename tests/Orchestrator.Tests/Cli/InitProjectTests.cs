using System.Xml.Linq;
using Orchestrator.Cli.Projects;

namespace Orchestrator.Tests.Cli;

/// <summary><c>init --project</c>. That what it writes can be built and run, the end-to-end tests show.</summary>
public sealed class InitProjectTests : IDisposable
{
    private readonly CliBench _bench = new();

    private string Folder => Path.Combine(_bench.Folder, "my-search");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Project_FromACheckout_IsNamedAfterItsFolderAndRefersToTheSources()
    {
        var run = await _bench.RunAsync("init", "--project", Folder);

        Assert.Equal(0, run.Code);
        Assert.EndsWith("dotnet run -- sweep sweep.yaml", run.Out.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal([".gitignore", "Program.cs", "my-search.csproj", "sweep.yaml"], Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var project = XDocument.Load(Path.Combine(Folder, "my-search.csproj"));
        Assert.True(File.Exists(project.Descendants("ProjectReference").Single().Attribute("Include")!.Value));
        Assert.Empty(project.Descendants("PackageReference"));
    }

    [Fact]
    public async Task Torch_Project_HasAModelOfItsOwnAndTheNativePackageOfEachSystem()
    {
        var run = await _bench.RunAsync("init", "--project", Folder, "--torch");

        Assert.Equal(0, run.Code);
        var project = XDocument.Load(Path.Combine(Folder, "my-search.csproj"));
        Assert.Equal(2, project.Descendants("ProjectReference").Count());
        Assert.All(project.Descendants("PackageReference"), native => Assert.Matches(@"^\d+\.\d+\.\d+$", native.Attribute("Version")!.Value));
        Assert.Equal(
            ["libtorch-cpu-linux-x64", "libtorch-cpu-osx-arm64", "libtorch-cpu-win-x64"], project.Descendants("PackageReference").Select(native => native.Attribute("Include")!.Value));
        Assert.Contains(": TorchTrainable(torch)", File.ReadAllText(Path.Combine(Folder, "Program.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Torch_WithoutAProject_IsAMistake()
    {
        var run = await _bench.RunAsync("init", "--torch");

        Assert.Equal(2, run.Code);
        Assert.Contains("--project", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_FromAPackage_ReferToThisVersionOnTheFeedOfTheTool()
    {
        var files = ProjectTemplate.Files("any", Folder, torch: true, new LibrarySource(null, "/feeds/a & b"));

        var references = XDocument.Parse(files["any.csproj"]).Descendants("PackageReference").ToDictionary(r => r.Attribute("Include")!.Value, r => r.Attribute("Version")!.Value);
        Assert.Equal(LibrarySource.Version, references["Orchestrator.Sweeps.Cli"]);
        Assert.Equal(LibrarySource.Version, references["Orchestrator.Sweeps.Torch"]);
        Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?$", LibrarySource.Version);
        Assert.Equal("/feeds/a & b", XDocument.Parse(files["nuget.config"]).Descendants("add").Single().Attribute("value")!.Value);
    }

    [Fact]
    public void Files_WhereNoFeedIsKnown_LeaveNuGetAsItIs() =>
        Assert.DoesNotContain("nuget.config", ProjectTemplate.Files("any", Folder, torch: false, new LibrarySource(null, null)).Keys);

    [Fact]
    public void Files_WithinACheckout_AreRelativeAndKeepTheirVersionsThemselves()
    {
        var checkout = Directory.CreateDirectory(Path.Combine(_bench.Folder, "checkout")).FullName;
        File.WriteAllText(Path.Combine(checkout, "Directory.Packages.props"), "<Project />");

        var project = XDocument.Parse(ProjectTemplate.Files("any", Path.Combine(checkout, "my"), torch: false, new LibrarySource(checkout, null))["any.csproj"]);

        Assert.Equal("../src/Orchestrator.Cli/Orchestrator.Cli.csproj", project.Descendants("ProjectReference").Single().Attribute("Include")!.Value);
        Assert.Equal("false", project.Descendants("ManagePackageVersionsCentrally").Single().Value);
    }

    [Fact]
    public void Find_AToolWithItsPackages_IsTheirFolder()
    {
        var feed = Directory.CreateDirectory(Path.Combine(_bench.Folder, "tool", "feed")).FullName;
        var tool = Path.GetDirectoryName(feed)!;

        Assert.Equal(new LibrarySource(null, null), LibrarySource.Find(tool));
        File.WriteAllText(Path.Combine(feed, $"Orchestrator.Sweeps.Cli.{LibrarySource.Version}.nupkg"), "");
        Assert.Equal(new LibrarySource(null, feed), LibrarySource.Find(tool));
    }

    [Fact]
    public async Task Project_UnderJson_ListsWhatIsWritten()
    {
        var run = await _bench.RunAsync("init", "--project", Folder, "--name", "Other", "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal("Other", run.Json.GetProperty("project").GetString());
        Assert.All(run.Json.GetProperty("files").EnumerateArray(), file => Assert.True(File.Exists(Path.Combine(Folder, file.GetString()!))));
    }

    [Theory]
    [InlineData("Program.cs")]
    [InlineData("sweep.yaml")]
    [InlineData(".gitignore")]
    [InlineData("another.csproj")]
    public async Task Project_WhereAFileIsAlready_WritesNothing(string file)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, file), "mine");

        var run = await _bench.RunAsync("init", "--project", Folder);

        Assert.Equal(2, run.Code);
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, file)));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("2fast")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("dots.")]
    public async Task Project_NameThatIsNone_IsRefused(string name)
    {
        var run = await _bench.RunAsync("init", "--project", Folder, "--name", name);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Name_WithoutAProject_IsAMistake()
    {
        var run = await _bench.RunAsync("init", "--name", "mine");

        Assert.Equal(2, run.Code);
        Assert.Contains("--project", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "Add<LineFit>(\"line-fit\")", "trainable: line-fit ")]
    [InlineData(true, "Add<Spirals>(\"spirals\")", "trainable: spirals ")]
    public void SweepFile_OfTheProject_NamesTheTrainableThatItsProgramRegisters(bool torch, string registered, string named)
    {
        var files = ProjectTemplate.Files("any", Folder, torch, new LibrarySource(null, null));

        Assert.Contains(registered, files["Program.cs"], StringComparison.Ordinal);
        Assert.Contains(named, files["sweep.yaml"], StringComparison.Ordinal);
    }
}
