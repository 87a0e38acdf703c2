using Orchestrator.Torch.Native;

namespace Orchestrator.Tests.Torch.Native;

public sealed class SystemLibrariesTests
{
    [Fact]
    public void Candidates_OfAMemoryMap_AreTheFilesOfThatLibrary()
    {
        string[] maps =
        [
            "7f01-7f02 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
            "7f02-7f03 rw-p 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
            "7f04-7f05 r-xp 00000000 08:01 2 /lib64/libc-2.31.so",
            "7f06-7f07 r-xp 00000000 08:01 3 /lib64/libcrypto.so.3",
            "7f08-7f09 rw-p 00000000 00:00 0",
            "7f0a-7f0b rw-p 00000000 00:00 0 [stack]",
        ];

        Assert.Equal(["/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30"], SystemLibraries.Candidates(maps, "libstdc++.so.6"));
        Assert.Equal(["/lib64/libc-2.31.so"], SystemLibraries.Candidates(maps, "libc.so.6"));
    }

    [Fact]
    public void Definitions_OfTheCLibrary_AreItsVersions()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("libc.so.6", StringComparison.Ordinal), "There is no GNU C library here.");

        Assert.Contains("GLIBC_2.17", SystemLibraries.Definitions("libc.so.6")!);
        Assert.Null(SystemLibraries.Definitions("libnowhere.so"));
    }
}
