using Orchestrator.Torch.Native;

namespace Orchestrator.Tests.Torch.Native;

[Collection(TorchCollection.Name)]
public sealed class VersionNeedCorrectionTests
{
    private const string Cpp = "libstdc++.so.6";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Obstacle_SoleSymbolThatNothingUses_IsNone(bool hasSysVHash)
    {
        var library = new ElfLibrary { HasSysVHash = hasSysVHash }
            .NeedsRelocated(Cpp, "GLIBCXX_3.4", "used").Needs(Cpp, "GLIBCXX_3.4.32", "initv").NeedsRelocated("libc.so.6", "GLIBC_2.2.5", "memcpy");

        var (image, missing) = Look(library);

        Assert.Equal("GLIBCXX_3.4.32", Assert.Single(missing).Version);
        Assert.Null(VersionNeedCorrection.Obstacle(image, missing));
    }

    [Fact]
    public void Obstacle_RelocatedSymbol_NamesIt()
    {
        var (image, missing) = Look(new ElfLibrary().NeedsRelocated(Cpp, "GLIBCXX_3.4.32", "called"));

        Assert.StartsWith("this system lacks GLIBCXX_3.4.32 of libstdc++.so.6, from which the library takes called: ", VersionNeedCorrection.Obstacle(image, missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Obstacle_SeveralSymbols_CountsThem()
    {
        var (image, missing) = Look(new ElfLibrary().Needs(Cpp, "GLIBCXX_3.4.32", "initv", "another"));

        Assert.Contains("takes 2 symbols", VersionNeedCorrection.Obstacle(image, missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Obstacle_OtherVersionsMissing_NamesAll()
    {
        var (image, missing) = Look(ElfLibrary.LinkedByNewer("GLIBCXX_3.4.32").Needs("libc.so.6", "GLIBC_2.38", "strlcpy"));

        Assert.StartsWith("this system lacks GLIBCXX_3.4.32 of libstdc++.so.6 and GLIBC_2.38 of libc.so.6: ", VersionNeedCorrection.Obstacle(image, missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Obstacle_AnotherLibrarysVersion_IsNotRelaxed()
    {
        var (image, missing) = Look(new ElfLibrary().Needs("libc.so.6", "GLIBC_2.38", "unused"));

        Assert.Contains("lacks GLIBC_2.38 of libc.so.6", VersionNeedCorrection.Obstacle(image, missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Correct_ANeed_ChangesItsFlagAloneAndLeavesTheOriginal()
    {
        var bytes = ElfLibrary.LinkedByNewer("GLIBCXX_3.4.32").ToBytes();
        var before = bytes.ToArray();
        var image = ElfImage.Parse(bytes);
        var need = Assert.Single(image.Needs);

        var relaxed = VersionNeedCorrection.Correct(bytes, image, [need]);

        Assert.Equal(before, bytes);
        Assert.Equal([need.Offset + 4], Enumerable.Range(0, bytes.Length).Where(i => bytes[i] != relaxed[i]));
        Assert.Empty(VersionNeedCorrection.Missing(ElfImage.Parse(relaxed), Supplied));
    }

    [Fact]
    public void Correct_AnEquivalentOfAnOlderVersion_IsBoundToThat()
    {
        const string wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";
        var library = new ElfLibrary().NeedsRelocated(Cpp, "GLIBCXX_3.4.11", "other").NeedsRelocated(Cpp, "GLIBCXX_3.4.30", wait).Needs(Cpp, "GLIBCXX_3.4.32", "initv");
        var image = ElfImage.Parse(library.ToBytes());
        var missing = VersionNeedCorrection.Missing(image, OfRhel9);

        Assert.Equal(["GLIBCXX_3.4.30", "GLIBCXX_3.4.32"], missing.Select(m => m.Version));
        Assert.Null(VersionNeedCorrection.Obstacle(image, missing));
        var corrected = ElfImage.Parse(VersionNeedCorrection.Correct(library.ToBytes(), image, missing));

        Assert.Empty(VersionNeedCorrection.Missing(corrected, OfRhel9));
        Assert.Equal(["other", wait], corrected.SymbolsOf(corrected.Needs[0]).Select(corrected.SymbolName));
        Assert.Empty(corrected.SymbolsOf(corrected.Needs[1]));
    }

    [Fact]
    public void Obstacle_AnEquivalentWhoseOlderVersionIsNotThere_NamesTheSymbol()
    {
        const string wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";
        var image = ElfImage.Parse(new ElfLibrary().NeedsRelocated(Cpp, "GLIBCXX_3.4.30", wait).ToBytes());

        Assert.Contains($"takes {wait}", VersionNeedCorrection.Obstacle(image, VersionNeedCorrection.Missing(image, OfRhel9)), StringComparison.Ordinal);
    }

    [Fact]
    public void Obstacle_OfTorchSharpsLibraryOnRhel9_IsNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Its format is another one.");
        var path = Assert.IsType<string>(TorchLibrary.Load().Path);
        var image = ElfImage.Parse(File.ReadAllBytes(path));

        var missing = VersionNeedCorrection.Missing(image, OfRhel9);

        Assert.Equal(["GLIBCXX_3.4.30", "GLIBCXX_3.4.32"], missing.Select(m => m.Version).Order(StringComparer.Ordinal));
        Assert.Null(VersionNeedCorrection.Obstacle(image, missing));
    }

    [Fact]
    public void Missing_LibraryThatIsNotKnown_CountsAsMet() =>
        Assert.Empty(VersionNeedCorrection.Missing(ElfImage.Parse(new ElfLibrary().Needs("libother.so", "OTHER_1", "f").ToBytes()), Supplied));

    private static (ElfImage Image, IReadOnlyList<ElfVersionNeed> Missing) Look(ElfLibrary library)
    {
        var image = ElfImage.Parse(library.ToBytes());
        return (image, VersionNeedCorrection.Missing(image, Supplied));
    }

    /// <summary>As GCC 11's library has them.</summary>
    private static IReadOnlyCollection<string>? OfRhel9(string library) => library == Cpp
        ? [.. Enumerable.Range(1, 29).Select(i => $"GLIBCXX_3.4.{i}"), "GLIBCXX_3.4", "CXXABI_1.3", .. Enumerable.Range(1, 13).Select(i => $"CXXABI_1.3.{i}")]
        : null;

    private static IReadOnlyCollection<string>? Supplied(string library) => library switch
    {
        Cpp => ["GLIBCXX_3.4", "GLIBCXX_3.4.11", "GLIBCXX_3.4.30"],
        "libc.so.6" => ["GLIBC_2.2.5", "GLIBC_2.36"],
        _ => null,
    };
}
