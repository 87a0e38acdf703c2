using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using Orchestrator.EndToEnd.Support;
using Orchestrator.EndToEnd.Tool;

namespace Orchestrator.EndToEnd;

/// <summary>
/// The tool as it is handed out, with machine code beside the IL. That takes a minute, and a compiler that comes from the feed: done
/// where <c>ORCHESTRATOR_PRECOMPILED</c> is 1, as in <c>.ci/run</c>.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class PrecompiledToolTests
{
    private const string Tool = "Orchestrator.Sweeps.Tool";

    [Fact]
    public async Task Pack_AsHandedOut_CarriesMachineCodeAndRunsASweep()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ORCHESTRATOR_PRECOMPILED") == "1", "Set ORCHESTRATOR_PRECOMPILED=1 to precompile the tool.");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "The tool is precompiled for linux-x64.");
        using var copy = RepositoryCopy.Create(PackedFeed.RepositoryRoot());
        var feed = Path.Combine(copy.Root, "feed");
        var packed = await DotNet.RunAsync(
            copy.Root, PackedFeed.RestoredPackages(PackedFeed.RepositoryRoot())[0], ["pack", "src/Orchestrator.App", "-m:1", "-o", feed], TestContext.Current.CancellationToken);
        Assert.SkipWhen(packed.Output.Contains("NU110", StringComparison.Ordinal) || packed.Output.Contains("NU1301", StringComparison.Ordinal),
            "The feed has no compiler to machine code for this SDK: " + packed.Output);
        Assert.True(packed.ExitCode == 0, packed.Output);

        var package = Assert.Single(Directory.GetFiles(feed, Tool + ".linux-x64.*.nupkg"));
        var unpacked = Path.Combine(copy.Root, "tool");
        await ZipFile.ExtractToDirectoryAsync(package, unpacked, TestContext.Current.CancellationToken);
        foreach (var name in (string[])["Orchestrator", "Orchestrator.Core", "Orchestrator.Cli", "Orchestrator.App"])
            Assert.True(HasMachineCode(Find(unpacked, name + ".dll")), name);

        var home = Path.Combine(copy.Root, "home");
        var swept = await RunAsync(copy.Root, Find(unpacked, "Orchestrator.App.dll"), "sweep", "sweeps/failing.json", "--home", home, "--no-progress");
        Assert.True(swept.ExitCode is 0 or 4 or 5, swept.Error);
        Assert.Contains("failing", (await RunAsync(copy.Root, Find(unpacked, "Orchestrator.App.dll"), "list", "--home", home)).Output, StringComparison.Ordinal);
    }

    private static string Find(string folder, string file) => Assert.Single(Directory.GetFiles(folder, file, SearchOption.AllDirectories));

    private static bool HasMachineCode(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static Task<ProgramResult> RunAsync(string folder, string program, params string[] arguments) =>
        ProgramHome.RunAsync(new ProcessStartInfo(Path.Combine(PackedFeed.DotNetRoot, "dotnet"), [program, .. arguments]) { WorkingDirectory = folder });
}
