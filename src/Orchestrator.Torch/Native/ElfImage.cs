using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Torch.Native;

/// <summary>
/// The dynamic part of a shared library in the format ELF, 64 bits, little-endian: which versions of which libraries it needs, which ones it defines, and
/// what its symbols and relocations say of them. Only bytes are read; nothing is loaded.
/// </summary>
/// <remarks>Read by the program headers, as the system's loader does it, so that a stripped library reads the same.</remarks>
internal sealed class ElfImage
{
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const int VersionMask = 0x7FFF; // the top bit of a symbol's version means "hidden"

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];
    private readonly HashSet<int> _relocated = [];

    private ElfImage(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The library's own name (<c>libstdc++.so.6</c>); <see langword="null"/>: it has none.</summary>
    public string? Name { get; private set; }

    /// <summary>The versions of other libraries that it cannot do without, in the table's order.</summary>
    public IReadOnlyList<ElfVersionNeed> Needs { get; private set; } = [];

    /// <summary>The versions that it supplies to others.</summary>
    public IReadOnlyList<string> Definitions { get; private set; } = [];

    /// <summary>Reads a library.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a library, or end too early.</exception>
    public static ElfImage Parse(ReadOnlyMemory<byte> bytes)
    {
        var image = new ElfImage(bytes);
        return Within(() =>
        {
            image.ReadSegments();
            image.ReadTables();
            return image;
        });
    }

    /// <summary>The symbols (their numbers in the table) that are bound to a version.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public IReadOnlyList<int> SymbolsOf(ElfVersionNeed need) => Within<IReadOnlyList<int>>(() =>
        _dynamic.TryGetValue(ElfTag.VersionSymbols, out var versions)
            ? [.. Enumerable.Range(0, SymbolCount()).Where(i => (UInt16(OffsetOf(versions) + (2L * i)) & VersionMask) == need.Index)]
            : []);

    /// <summary>Where the file says which version a symbol is bound to: two bytes.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public int VersionOffset(int symbol) => Within(() => checked((int)(OffsetOf(_dynamic.GetValueOrDefault(ElfTag.VersionSymbols)) + (2L * symbol))));

    /// <summary>Whether the loader has to look a symbol up, because a place in the library refers to it.</summary>
    public bool IsRelocated(int symbol) => _relocated.Contains(symbol);

    /// <summary>A symbol's name.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public string SymbolName(int symbol) => Within(() => Text(UInt32(OffsetOf(_dynamic.GetValueOrDefault(ElfTag.Symbols)) + ((long)SymbolSize * symbol))));

    private static T Within<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (cause is ArgumentException or OverflowException)
        {
            throw new InvalidDataException("The shared library is cut off or damaged: a table points outside of it.", cause);
        }
    }

    private void ReadSegments()
    {
        var span = _bytes.Span;
        if (span.Length < 64 || !span[..4].SequenceEqual("\u007fELF"u8) || span[4] != 2 || span[5] != 1)
            throw new InvalidDataException("This is no shared library of the format ELF with 64 bits, little-endian.");
        long at = Int64(32);
        int size = UInt16(54), count = UInt16(56);
        Segment? dynamic = null;
        for (var i = 0; i < count; i++, at += size)
        {
            var segment = new Segment(Int64(at + 16), Int64(at + 8), Int64(at + 32));
            if (UInt32(at) == 1)
                _segments.Add(segment);
            else if (UInt32(at) == 2)
                dynamic = segment;
        }

        if (dynamic is null)
            throw new InvalidDataException("This is no shared library: it has no dynamic section.");
        for (var entry = dynamic.Offset; entry < dynamic.Offset + dynamic.Length && Int64(entry) != 0; entry += 16)
            _dynamic.TryAdd(Int64(entry), Int64(entry + 8));
    }

    private void ReadTables()
    {
        if (_dynamic.TryGetValue(ElfTag.Name, out var name))
            Name = Text(name);
        Needs = [.. ReadNeeds()];
        Definitions = [.. ReadDefinitions()];
        ReadRelocations(ElfTag.Relocations, ElfTag.RelocationsSize);
        ReadRelocations(ElfTag.CallRelocations, ElfTag.CallRelocationsSize);
    }

    private IEnumerable<ElfVersionNeed> ReadNeeds()
    {
        if (!_dynamic.TryGetValue(ElfTag.VersionNeeds, out var table))
            yield break;
        var file = OffsetOf(table);
        for (var files = _dynamic.GetValueOrDefault(ElfTag.VersionNeedsCount); files > 0; files--)
        {
            var library = Text(UInt32(file + 4));
            var entry = file + UInt32(file + 8);
            for (var versions = UInt16(file + 2); versions > 0; versions--)
            {
                yield return new ElfVersionNeed(library, Text(UInt32(entry + 8)), UInt16(entry + 6) & VersionMask, UInt16(entry + 4), checked((int)entry));
                if (UInt32(entry + 12) is var next and not 0)
                    entry += next;
                else
                    break;
            }

            if (UInt32(file + 12) is var nextFile and not 0)
                file += nextFile;
            else
                break;
        }
    }

    private IEnumerable<string> ReadDefinitions()
    {
        if (!_dynamic.TryGetValue(ElfTag.VersionDefinitions, out var table))
            yield break;
        var definition = OffsetOf(table);
        for (var count = _dynamic.GetValueOrDefault(ElfTag.VersionDefinitionsCount); count > 0; count--)
        {
            yield return Text(UInt32(definition + UInt32(definition + 12))); // the first name is its own; others are those it succeeds
            if (UInt32(definition + 16) is var next and not 0)
                definition += next;
            else
                break;
        }
    }

    private void ReadRelocations(long tableTag, long sizeTag)
    {
        if (!_dynamic.TryGetValue(tableTag, out var table))
            return;
        var start = OffsetOf(table);
        for (long at = 0; at < _dynamic.GetValueOrDefault(sizeTag); at += RelocationSize)
        {
            if (UInt32(start + at + 12) is var symbol and not 0)
                _relocated.Add(checked((int)symbol));
        }
    }

    /// <summary>The table of symbols does not say its length: one of the two tables that find symbols by name does.</summary>
    private int SymbolCount()
    {
        if (_dynamic.TryGetValue(ElfTag.Hash, out var hash))
            return checked((int)UInt32(OffsetOf(hash) + 4));
        if (!_dynamic.TryGetValue(ElfTag.GnuHash, out var gnu))
            throw new InvalidDataException("The shared library's symbols cannot be counted: it has no hash table.");
        var table = OffsetOf(gnu);
        var (buckets, first, bloom) = (UInt32(table), UInt32(table + 4), UInt32(table + 8));
        var bucketsAt = table + 16 + (8L * bloom);
        var chainsAt = bucketsAt + (4L * buckets);
        uint last = 0;
        for (var i = 0; i < buckets; i++)
            last = Math.Max(last, UInt32(bucketsAt + (4L * i)));
        if (last < first)
            return checked((int)first);
        while ((UInt32(chainsAt + (4L * (last - first))) & 1) == 0)
            last++;
        return checked((int)last + 1);
    }

    private string Text(long offset)
    {
        var text = _bytes.Span[checked((int)(OffsetOf(_dynamic.GetValueOrDefault(ElfTag.Strings)) + offset))..];
        return Encoding.UTF8.GetString(text[..Math.Max(text.IndexOf((byte)0), 0)]);
    }

    private long OffsetOf(long address) =>
        _segments.Find(s => address >= s.Address && address < s.Address + s.Length) is { } segment
            ? address - segment.Address + segment.Offset
            : throw new InvalidDataException("The shared library is damaged: a table lies in no segment.");

    private ushort UInt16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Span[checked((int)at)..]);

    private uint UInt32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[checked((int)at)..]);

    private long Int64(long at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.Span[checked((int)at)..]);

    private sealed record Segment(long Address, long Offset, long Length);
}
