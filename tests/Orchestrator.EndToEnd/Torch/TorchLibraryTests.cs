using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Torch;

/// <summary>TorchSharp's native library in processes of the real program.</summary>
public sealed class TorchLibraryTests
{
    [Fact]
    public async Task Doctor_EightProcessesAtOnceWithoutMemoryFiles_ShareOneWholeCopy()
    {
        using var home = new ProgramHome { Environment = { ["ORCHESTRATOR_TORCH_COPY"] = "cache" } };
        var cache = Path.Combine(home.Folder, "cache");
        home.Environment["XDG_CACHE_HOME"] = cache;

        var said = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => home.RunAsync("doctor")));

        Assert.SkipUnless(said[0].Output.Contains("corrected copy", StringComparison.Ordinal) || said[0].ExitCode != 0, "The library loads as it is on this system.");
        Assert.All(said, one => Assert.Contains("as a corrected copy in the user's cache", one.Output, StringComparison.Ordinal));
        Assert.EndsWith("-libLibTorchSharp.so", Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_CacheCannotBeWritten_LoadsATemporaryCopyAndLeavesNone()
    {
        using var home = new ProgramHome { Environment = { ["ORCHESTRATOR_TORCH_COPY"] = "cache" } };
        home.Environment["XDG_CACHE_HOME"] = Path.Combine(home.Folder, home.Write("file", "no folder"));

        var said = await home.RunAsync("doctor");

        Assert.SkipUnless(said.Output.Contains("corrected copy", StringComparison.Ordinal) || said.ExitCode != 0, "The library loads as it is on this system.");
        Assert.Contains("as a corrected copy in a temporary file", said.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(home.Scratch, "*LibTorchSharp*", SearchOption.AllDirectories));
    }
}
