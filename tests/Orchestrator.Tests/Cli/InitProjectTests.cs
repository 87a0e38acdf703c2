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
    public async Task Project_InANewFolder_IsNamedAfterIt_AndRefersToThisVersion()
    {
        var run = await _bench.RunAsync("init", "--project", Folder);

        Assert.Equal(0, run.Code);
        Assert.Contains("dotnet run -- sweep sweep.yaml", run.Out, StringComparison.Ordinal);
        Assert.Equal([".gitignore", "Program.cs", "my-search.csproj", "sweep.yaml"], Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var reference = XDocument.Load(Path.Combine(Folder, "my-search.csproj")).Descendants("PackageReference").Single();
        Assert.Equal("Orchestrator.Sweeps.Cli", reference.Attribute("Include")?.Value);
        Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?$", reference.Attribute("Version")?.Value);
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

    [Fact]
    public void SweepFile_OfTheProject_NamesTheTrainableThatItsProgramRegisters()
    {
        var files = ProjectTemplate.Files("any");

        Assert.Contains("Add<LineFit>(\"line-fit\")", files["Program.cs"], StringComparison.Ordinal);
        Assert.Contains("trainable: line-fit ", files["sweep.yaml"], StringComparison.Ordinal);
    }
}
