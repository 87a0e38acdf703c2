namespace Orchestrator.Torch.Native;

/// <summary>A version of another library that a library needs.</summary>
/// <param name="Library">The other library, e.g. <c>libstdc++.so.6</c>.</param>
/// <param name="Version">Its version, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which symbols refer to it.</param>
/// <param name="Flags">Its flags (<see cref="Weak"/>).</param>
/// <param name="Offset">Where its entry begins in the file, in bytes.</param>
internal sealed record ElfVersionNeed(string Library, string Version, int Index, ushort Flags, int Offset)
{
    /// <summary>VER_FLG_WEAK: the library loads where the version is missing.</summary>
    public const ushort Weak = 2;

    /// <summary>The flags' place within an entry, in bytes.</summary>
    public const int FlagsOffset = 4;
}
