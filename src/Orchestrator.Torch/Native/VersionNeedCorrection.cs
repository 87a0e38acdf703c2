using System.Buffers.Binary;

namespace Orchestrator.Torch.Native;

/// <summary>
/// Lets a library load on a system whose C++ library is older than the one that it was linked with, where nothing in it depends on the difference.
/// </summary>
/// <remarks>
/// A program linked by GCC 13 asks for GLIBCXX_3.4.32 through <c>_ZSt21ios_base_library_initv</c>, a symbol that exists only to ask for it. A need for a
/// version is safe to relax exactly if one symbol is bound to it and no relocation refers to that symbol: the loader then never looks it up.
/// </remarks>
internal static class VersionNeedCorrection
{
    private const string CppLibrary = "libstdc++.so.6";
    private const string Lacks = "this system lacks";
    private const string Remedy = ": newer ones have it (Debian 13, Ubuntu 24.04, RHEL 10)";

    /// <summary>The needs of a library that the system does not meet.</summary>
    /// <param name="image">The library.</param>
    /// <param name="definitions">
    /// What each of the system's libraries supplies, by the library's name; <see langword="null"/> of one that is not known, which counts as met.
    /// </param>
    public static IReadOnlyList<ElfVersionNeed> Missing(ElfImage image, Func<string, IReadOnlyCollection<string>?> definitions) =>
    [
        .. image.Needs.Where(need =>
            (need.Flags & ElfVersionNeed.Weak) == 0 && definitions(need.Library) is { } supplied && !supplied.Contains(need.Version)),
    ];

    /// <summary>Why the missing versions cannot be done without; <see langword="null"/>: the library works without them.</summary>
    public static string? Obstacle(ElfImage image, IReadOnlyList<ElfVersionNeed> missing)
    {
        if (missing is not [{ Library: CppLibrary } need])
            return $"{Lacks} {string.Join(" and ", missing.Select(m => $"{m.Version} of {m.Library}"))}{Remedy}";
        return image.SymbolsOf(need) switch
        {
            [var symbol] when !image.IsRelocated(symbol) => null,
            [var symbol] => $"{Lacks} {need.Version} of {need.Library}, from which the library takes {image.SymbolName(symbol)}{Remedy}",
            var symbols => $"{Lacks} {need.Version} of {need.Library}, from which the library takes {symbols.Count} symbols{Remedy}",
        };
    }

    /// <summary>A copy of a library in which one need is weak.</summary>
    public static byte[] Relax(ReadOnlySpan<byte> library, ElfVersionNeed need)
    {
        var copy = library.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(need.Offset + ElfVersionNeed.FlagsOffset), (ushort)(need.Flags | ElfVersionNeed.Weak));
        return copy;
    }
}
