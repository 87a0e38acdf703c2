using Orchestrator.Torch.Native;

namespace Orchestrator.Tests.Torch.Native;

public sealed class ElfImageTests
{
    [Fact]
    public void Parse_ALibrary_ReadsNameNeedsAndDefinitions()
    {
        var image = ElfImage.Parse(new ElfLibrary { Name = "libmine.so.3" }
            .Needs("libstdc++.so.6", "GLIBCXX_3.4", "a", "b").NeedsRelocated("libc.so.6", "GLIBC_2.2.5", "c").Needs("libstdc++.so.6", "CXXABI_1.3", "d")
            .Defines("MINE_1").Defines("MINE_2").ToBytes());

        Assert.Equal("libmine.so.3", image.Name);
        Assert.Equal(["libstdc++.so.6 GLIBCXX_3.4", "libstdc++.so.6 CXXABI_1.3", "libc.so.6 GLIBC_2.2.5"], image.Needs.Select(n => $"{n.Library} {n.Version}"));
        Assert.Equal(["MINE_1", "MINE_2"], image.Definitions);
        Assert.Equal(["a b", "d", "c"], image.Needs.Select(n => string.Join(' ', image.SymbolsOf(n).Select(image.SymbolName))));
        Assert.Equal([false, false, true], image.Needs.Select(n => image.IsRelocated(image.SymbolsOf(n)[0])));
    }

    [Fact]
    public void Parse_CutOffAnywhere_IsInvalidData()
    {
        var bytes = ElfLibrary.LinkedByNewer().NeedsRelocated("libc.so.6", "GLIBC_2.2.5", "c").Defines("MINE_1").ToBytes();

        for (var length = 0; length < bytes.Length - 16; length++) // the last entry only says that none follows
        {
            var cut = bytes.AsMemory(0, length);
            Assert.Throws<InvalidDataException>(() => ElfImage.Parse(cut));
        }
    }

    [Theory]
    [InlineData(0)] // not ELF
    [InlineData(4)] // 32 bits
    [InlineData(5)] // big-endian
    public void Parse_OfAnotherKind_IsInvalidData(int at)
    {
        var bytes = ElfLibrary.LinkedByNewer().ToBytes();
        bytes[at] ^= 3;

        Assert.Throws<InvalidDataException>(() => ElfImage.Parse(bytes));
    }

    /// <summary>Whatever the bytes say, reading ends, with a result or a complaint.</summary>
    [Fact]
    public void Parse_AnyByteDamaged_EndsWithAResultOrInvalidData()
    {
        var whole = ElfLibrary.LinkedByNewer().NeedsRelocated("libc.so.6", "GLIBC_2.2.5", "c").Defines("MINE_1").ToBytes();
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (byte value in (byte[])[0, 0x7F, 0xFF])
            {
                var bytes = whole.ToArray();
                bytes[at] = value;
                try
                {
                    var image = ElfImage.Parse(bytes);
                    foreach (var need in image.Needs)
                        _ = image.SymbolsOf(need);
                }
                catch (InvalidDataException)
                {
                    // As promised.
                }
            }
        }
    }
}
