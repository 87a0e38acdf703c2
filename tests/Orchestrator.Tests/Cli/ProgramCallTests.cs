using Orchestrator.Cli.Parsing;

namespace Orchestrator.Tests.Cli;

/// <summary>What help and advice say is to be typed.</summary>
public sealed class ProgramCallTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("program-call-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Debug/net10.0", ".", "dotnet run --project src/My.App --")]
    [InlineData("Release/net10.0/linux-x64", ".", "dotnet run --project src/My.App -c Release --")]
    [InlineData("Debug/net10.0", "src/My.App", "dotnet run --")]
    [InlineData("Debug/net10.0", "src", "dotnet run --project My.App --")]
    public void Find_InItsProjectsOutput_RunsTheProject(string output, string current, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The expected paths are those of other systems.");
        Write("src/My.App/My.App.csproj");

        Assert.Equal(expected, Find($"src/My.App/bin/{output}/", current, processPath: "dotnet"));
    }

    [Fact]
    public void Find_InAFolderWithASpace_IsQuoted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its quotes are others.");
        Write("my app/My.App.csproj");

        Assert.Equal("dotnet run --project 'my app' --", Find("my app/bin/Debug/net10.0", ".", processPath: "dotnet"));
    }

    [Fact]
    public void Find_InTheOutputOfAnotherProject_IsTheAssemblyItself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The expected paths are those of other systems.");
        Write("tests/Other.csproj");

        Assert.Equal("dotnet tests/bin/Debug/net10.0/My.App.dll", Find("tests/bin/Debug/net10.0/", ".", processPath: "/usr/share/dotnet/dotnet"));
    }

    [Fact]
    public void Find_AnInstalledTool_IsItsNameOrItsPath()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The expected paths are those of other systems.");
        var shim = Path.Combine(_root, "tools", "orchestrator");

        Assert.Equal("orchestrator", Find("tools/.store/x/tools/net10.0/any/", ".", shim, path: $"/usr/bin:{_root}/tools/"));
        Assert.Equal("tools/orchestrator", Find("tools/.store/x/tools/net10.0/any/", ".", shim, path: "/usr/bin"));
        Assert.Equal("./orchestrator", Find("tools/.store/x/tools/net10.0/any/", "tools", shim, path: null));
    }

    [Fact]
    public void Find_ALocalTool_IsCalledByDotNet()
    {
        Write("packages/x/tools/net10.0/any/DotnetToolSettings.xml");

        Assert.Equal("dotnet orchestrator", Find("packages/x/tools/net10.0/any/", ".", processPath: "/usr/share/dotnet/dotnet"));
    }

    private string Find(string baseDirectory, string current, string processPath, string? path = null) =>
        ProgramCall.Find("My.App", "orchestrator", Path.Combine(_root, baseDirectory), Path.GetFullPath(Path.Combine(_root, current)), processPath, path);

    private void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
        File.WriteAllText(Path.Combine(_root, file), "");
    }
}
