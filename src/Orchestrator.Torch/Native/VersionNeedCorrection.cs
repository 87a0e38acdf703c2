using System.Buffers.Binary;

namespace Orchestrator.Torch.Native;

/// <summary>
/// Lets a library load on a system whose C++ library is older than the one that it was linked with, where nothing in it depends on the difference.
/// </summary>
/// <remarks>
/// A program linked by GCC 13 asks for GLIBCXX_3.4.32 through <c>_ZSt21ios_base_library_initv</c>, a symbol that exists only to ask for it. A need for a
/// version is safe to relax if its only symbol has no relocation that refers to it: the loader then never looks it up. A symbol that is looked up must have an
/// <see cref="Equivalent"/>.
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
        if (missing.Any(need => need.Library != CppLibrary))
            return $"{Lacks} {string.Join(" and ", missing.Select(m => $"{m.Version} of {m.Library}"))}{Remedy}";
        return missing.Select(need => Obstacle(image, missing, need)).FirstOrDefault(obstacle => obstacle is not null);
    }

    /// <summary>A copy of a library that does without the missing versions.</summary>
    public static byte[] Correct(ReadOnlySpan<byte> library, ElfImage image, IReadOnlyList<ElfVersionNeed> missing)
    {
        var copy = library.ToArray();
        foreach (var need in missing)
        {
            foreach (var symbol in image.SymbolsOf(need).Where(image.IsRelocated))
                Write(image.VersionOffset(symbol), Older(image, missing, need, symbol)!.Index);
            Write(need.Offset + ElfVersionNeed.FlagsOffset, need.Flags | ElfVersionNeed.Weak);
        }

        return copy;

        void Write(int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(offset), (ushort)value);
    }

    private static string? Obstacle(ElfImage image, IReadOnlyList<ElfVersionNeed> missing, ElfVersionNeed need)
    {
        var symbols = image.SymbolsOf(need);
        string[] used = [.. symbols.Where(symbol => image.IsRelocated(symbol) && Older(image, missing, need, symbol) is null).Select(image.SymbolName)];
        var isSafe = used.Length == 0 && symbols.Count(symbol => !image.IsRelocated(symbol)) <= 1;
        return isSafe ? null : $"{Lacks} {need.Version} of {need.Library}, from which the library takes {(used is [var one] ? one : $"{symbols.Count} symbols")}{Remedy}";
    }

    /// <summary>The older version that a symbol may be bound to instead, which the library needs anyhow and the system has.</summary>
    private static ElfVersionNeed? Older(ElfImage image, IReadOnlyList<ElfVersionNeed> missing, ElfVersionNeed need, int symbol) =>
        Equivalent.Find(image.SymbolName(symbol), need.Version) is { } older
            ? image.Needs.FirstOrDefault(other => other.Library == need.Library && other.Version == older && !missing.Contains(other))
            : null;
}
