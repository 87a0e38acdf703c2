using Orchestrator.Torch.Diagnostics;
using Orchestrator.Torch.Native;
using Orchestrator.Torch.Runs;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class LoadedLibtorchTests
{
    [Fact]
    public void Find_OnceLoaded_IsTheFileWithAVersion()
    {
        TorchProcess.Prepare();

        var loaded = LoadedLibtorch.Find();

        Assert.NotNull(loaded);
        Assert.True(File.Exists(loaded.Path), loaded.Path);
        Assert.True(loaded.Version >= new Version(1, 13), $"{loaded.Version} of {loaded.Path}");
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libtorch_cpu.so.1.13.0", true, "1.13.0")]
    [InlineData("/app/runtimes/linux-x64/native/libtorch_cpu.so", true, null)]
    [InlineData("/usr/lib/libtorch_cpu.1.13.dylib", true, "1.13")]
    [InlineData("/usr/lib/libtorch.so.1.13.0", false, "1.13.0")]
    [InlineData("/usr/lib/libtorch_cpu_extras.so.2", false, null)]
    public void Named_OfAFile_IsTheVersionInItsName(string path, bool isLibtorch, string? version)
    {
        Assert.Equal(isLibtorch, LoadedLibtorch.IsLibtorch(path));
        Assert.Equal(version is null ? null : Version.Parse(version), LoadedLibtorch.Named(path));
    }

    [Fact]
    public void Of_ANumber_IsMajorMinorAndPatch() => Assert.Equal(new Version(2, 10, 1), LoadedLibtorch.Of(0x020A_0100_0000_0000));

    [Fact]
    public void Loaded_InWords_SaysWhatIsNotKnown()
    {
        Assert.Equal("loaded is 1.13 (/lib/libtorch_cpu.so.1.13)", TorchCheck.Loaded(new LoadedLibtorch("/lib/libtorch_cpu.so.1.13", new Version(1, 13))));
        Assert.Equal("loaded is /lib/libtorch_cpu.so, which does not say its version", TorchCheck.Loaded(new LoadedLibtorch("/lib/libtorch_cpu.so", null)));
        Assert.Equal("the one loaded is not known", TorchCheck.Loaded(null));
    }

    [Fact]
    public void NativePart_InWords_SaysHowItWasLoaded()
    {
        Assert.Equal("its native library: /app/libLibTorchSharp.so", TorchCheck.NativePart(new LoadedLibrary(1, "/app/libLibTorchSharp.so", LoadWay.Plain)));
        Assert.Equal(
            "its native library: /app/libLibTorchSharp.so, as a corrected copy in memory, for it asks for GLIBCXX_3.4.32, which this system lacks and it works without",
            TorchCheck.NativePart(new LoadedLibrary(1, "/app/libLibTorchSharp.so", LoadWay.Memory, "GLIBCXX_3.4.32")));
    }
}
