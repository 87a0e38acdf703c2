namespace Orchestrator.Torch.Native;

/// <summary>The entries of an ELF library's dynamic section that are read here (System V ABI and LSB).</summary>
internal static class ElfTag
{
    /// <summary>DT_HASH.</summary>
    public const long Hash = 4;

    /// <summary>DT_STRTAB.</summary>
    public const long Strings = 5;

    /// <summary>DT_SYMTAB.</summary>
    public const long Symbols = 6;

    /// <summary>DT_RELA.</summary>
    public const long Relocations = 7;

    /// <summary>DT_RELASZ.</summary>
    public const long RelocationsSize = 8;

    /// <summary>DT_SONAME.</summary>
    public const long Name = 14;

    /// <summary>DT_PLTRELSZ.</summary>
    public const long CallRelocationsSize = 2;

    /// <summary>DT_JMPREL.</summary>
    public const long CallRelocations = 23;

    /// <summary>DT_GNU_HASH.</summary>
    public const long GnuHash = 0x6FFFFEF5;

    /// <summary>DT_VERSYM.</summary>
    public const long VersionSymbols = 0x6FFFFFF0;

    /// <summary>DT_VERDEF.</summary>
    public const long VersionDefinitions = 0x6FFFFFFC;

    /// <summary>DT_VERDEFNUM.</summary>
    public const long VersionDefinitionsCount = 0x6FFFFFFD;

    /// <summary>DT_VERNEED.</summary>
    public const long VersionNeeds = 0x6FFFFFFE;

    /// <summary>DT_VERNEEDNUM.</summary>
    public const long VersionNeedsCount = 0x6FFFFFFF;
}
