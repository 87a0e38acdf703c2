using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Torch.Native;

namespace Orchestrator.Tests.Torch.Native;

/// <summary>Small libraries and the system's own loader.</summary>
[SupportedOSPlatform("linux")]
public sealed class ToleratedLibraryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-elf-");
    private readonly List<nint> _loaded = [];

    public ToleratedLibraryTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system's loader reads another format.");
        NativeLibrary.Load("libstdc++.so.6"); // as libtorch does it, and the runtime itself on most systems
    }

    private string Cache => Path.Combine(_folder.FullName, "cache");

    public void Dispose()
    {
        _loaded.ForEach(NativeLibrary.Free);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Load_NothingMissing_LoadsTheFile()
    {
        var path = Write(new ElfLibrary().Needs("libstdc++.so.6", "GLIBCXX_3.4", "unused"));

        var loaded = Load(path, new CorrectedCopy(NoMemory, Cache));

        Assert.Equal((LoadWay.Plain, null), (loaded.Way, loaded.Relaxed));
    }

    [Fact]
    public void Load_LinkedByNewer_LoadsACopyFromMemoryAndLeavesTheFile()
    {
        var library = ElfLibrary.LinkedByNewer();
        var path = Write(library);

        Assert.False(NativeLibrary.TryLoad(path, out _)); // else the test shows nothing
        var loaded = Load(path, new CorrectedCopy(MemoryFile.Create, Cache));

        Assert.Equal((path, LoadWay.Memory, "GLIBCXX_99.0.0"), (loaded.Path, loaded.Way, loaded.Relaxed));
        Assert.Equal(library.ToBytes(), File.ReadAllBytes(path));
        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public void Load_TwoLibrariesFromMemory_AreTwo()
    {
        var first = Load(Write(ElfLibrary.LinkedByNewer()), new CorrectedCopy(MemoryFile.Create, Cache));
        var second = Load(Write(ElfLibrary.LinkedByNewer()), new CorrectedCopy(MemoryFile.Create, Cache));

        Assert.NotEqual(first.Handle, second.Handle);
    }

    [Fact]
    public void Load_NoMemoryFiles_LoadsACopyFromTheCacheAgainAndAgain()
    {
        var path = Write(ElfLibrary.LinkedByNewer());

        var first = Load(path, new CorrectedCopy(NoMemory, Cache));
        var written = File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(Cache)));
        var second = Load(path, new CorrectedCopy(null, Cache));

        Assert.Equal((LoadWay.Cache, LoadWay.Cache), (first.Way, second.Way));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(Cache))));
    }

    [Fact]
    public void Load_CacheCutOff_IsWrittenAnew()
    {
        var path = Write(ElfLibrary.LinkedByNewer());
        Load(path, new CorrectedCopy(NoMemory, Cache));
        var cached = Assert.Single(Directory.GetFiles(Cache));
        var whole = File.ReadAllBytes(cached);
        File.Delete(cached); // what is loaded keeps the old file
        File.WriteAllBytes(cached, whole[..100]);

        Assert.Equal(LoadWay.Cache, Load(path, new CorrectedCopy(NoMemory, Cache)).Way);

        Assert.Equal(whole, File.ReadAllBytes(cached));
    }

    [Fact]
    public void Load_CacheCannotBeWritten_LoadsATemporaryCopy()
    {
        var path = Write(ElfLibrary.LinkedByNewer());

        Assert.Equal(LoadWay.Temporary, Load(path, new CorrectedCopy(NoMemory, Path.Combine(path, "cache"))).Way);
        Assert.Equal(LoadWay.Temporary, Load(path, new CorrectedCopy(NoMemory, null)).Way);
    }

    [Fact]
    public void Load_VersionThatIsUsed_SaysWhatIsMissing()
    {
        var path = Write(new ElfLibrary().NeedsRelocated("libstdc++.so.6", "GLIBCXX_99.0.0", "called").Needs("libc.so.6", "GLIBC_99.0", "unused"));

        var failure = Assert.Throws<DllNotFoundException>(() => Load(path, new CorrectedCopy(MemoryFile.Create, Cache)));

        Assert.Contains("lacks GLIBCXX_99.0.0 of libstdc++.so.6 and GLIBC_99.0 of libc.so.6", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ALibraryOfItsOwnIsMissing_SaysSo()
    {
        var path = Write(ElfLibrary.LinkedByNewer().Needs("libnowhere.so", "NOWHERE_1", "unused"));

        var failure = Assert.Throws<DllNotFoundException>(() => Load(path, new CorrectedCopy(MemoryFile.Create, Cache)));

        Assert.Contains("libnowhere.so", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/c", "/h", "/c/orchestrator/native")]
    [InlineData("relative", "/h", "/h/.cache/orchestrator/native")]
    [InlineData(null, "/h", "/h/.cache/orchestrator/native")]
    [InlineData(null, null, null)]
    public void Folder_OfTheCache_IsTheUsers(string? cache, string? home, string? folder) =>
        Assert.Equal(folder, CachedLibrary.Folder(name => name == "HOME" ? home : cache));

    private static SafeFileHandle NoMemory(string name, ReadOnlySpan<byte> content) => throw new IOException("memfd_create: Operation not permitted");

    private LoadedLibrary Load(string path, CorrectedCopy copy)
    {
        var loaded = new ToleratedLibrary(copy).Load(path);
        _loaded.Add(loaded.Handle);
        Assert.True(NativeLibrary.TryGetExport(loaded.Handle, "answer", out var answer));
        Assert.Equal(42, Marshal.ReadInt32(answer));
        return loaded;
    }

    private string Write(ElfLibrary library)
    {
        var path = Path.Combine(_folder.FullName, "libsmall.so");
        File.WriteAllBytes(path, library.ToBytes());
        return path;
    }
}
