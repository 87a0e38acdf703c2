using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Tests.Torch.Native;

/// <summary>
/// A small shared library for the system's own loader, made of bytes: no code, no section table (as a stripped one), one symbol <c>answer</c> whose value
/// is 42, and what a test says of other libraries' versions.
/// </summary>
internal sealed class ElfLibrary
{
    private const string Exported = "answer";

    private static readonly bool s_isArm = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64;

    private readonly List<(string Library, string Version)> _needs = [];
    private readonly List<(string Name, int Need, bool IsRelocated)> _symbols = [];
    private readonly List<string> _definitions = [];

    /// <summary>Its own name.</summary>
    public string Name { get; init; } = "libsmall.so";

    /// <summary>Whether its symbols are found by the older kind of table.</summary>
    public bool HasSysVHash { get; init; }

    /// <summary>A library whose only link to a version is a symbol that nothing uses: as GCC 13 makes them.</summary>
    public static ElfLibrary LinkedByNewer(string version = "GLIBCXX_99.0.0") => new ElfLibrary().Needs("libstdc++.so.6", version, "initv");

    /// <summary>Needs a version of a library, for these symbols.</summary>
    public ElfLibrary Needs(string library, string version, params string[] symbols)
    {
        _needs.Add((library, version));
        _symbols.AddRange(symbols.Select(s => (s, _needs.Count - 1, false)));
        return this;
    }

    /// <summary>As <see cref="Needs"/> of a symbol that a place in the library refers to.</summary>
    public ElfLibrary NeedsRelocated(string library, string version, string symbol)
    {
        _needs.Add((library, version));
        _symbols.Add((symbol, _needs.Count - 1, true));
        return this;
    }

    /// <summary>Supplies a version to others.</summary>
    public ElfLibrary Defines(string version)
    {
        _definitions.Add(version);
        return this;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes()
    {
        const int header = 64, program = 56, programs = 3, firstIndex = 10;
        var strings = new Strings();
        var libraries = _needs.Select(n => n.Library).Distinct().ToList();
        var symbols = _symbols.Count + 2; // number 0 is nobody's, the last is the one that is exported
        var body = new Body(header + (program * programs));

        var data = body.Add(Words32(42, 0));
        var slots = body.Add(new byte[8 * Math.Max(1, _symbols.Count)]);
        var symbolTable = body.Add([
            .. new byte[24],
            .. _symbols.SelectMany(s => Symbol(strings.Add(s.Name), 0x12, 0, 0)),
            .. Symbol(strings.Add(Exported), 0x11, 1, data),
        ]);
        var versions = body.Add([
            .. Words16(0), .. _symbols.SelectMany(s => Words16((ushort)(firstIndex + s.Need))), .. Words16(1),
        ]);
        var needs = body.Add([.. libraries.SelectMany((library, i) => Need(library, isLast: i == libraries.Count - 1))]);
        var definitions = body.Add([.. _definitions.SelectMany(Definition)]);
        var relocations = body.Add([
            .. _symbols.SelectMany((s, i) => s.IsRelocated
                ? Words64(slots + (8 * i), ((long)(i + 1) << 32) | (s_isArm ? 1025L : 6L), 0)
                : []),
        ]);
        var hash = body.Add(HasSysVHash ? SysVHash() : GnuHash());
        long[] dynamic =
        [
            .. libraries.SelectMany(library => new long[] { 1, strings.Add(library) }),
            14, strings.Add(Name),
            HasSysVHash ? 4 : 0x6FFFFEF5, hash,
            6, symbolTable, 11, 24,
            0x6FFFFFF0, versions,
            .. _needs.Count > 0 ? new long[] { 0x6FFFFFFE, needs, 0x6FFFFFFF, libraries.Count } : [],
            .. _definitions.Count > 0 ? new long[] { 0x6FFFFFFC, definitions, 0x6FFFFFFD, _definitions.Count } : [],
            .. _symbols.Exists(s => s.IsRelocated) ? new long[] { 7, relocations, 8, 24 * _symbols.Count(s => s.IsRelocated), 9, 24 } : [],
        ];
        var text = body.Add(strings.ToBytes());
        long[] table = [.. dynamic, 5, text, 10, strings.Length, 0, 0];
        var dynamicAt = body.Add(Words64(table));
        return body.Finish([
            .. "\u007fELF"u8, 2, 1, 1, 0, .. new byte[8],
            .. Words16(3, (ushort)(s_isArm ? 183 : 62)), .. Words32(1),
            .. Words64(0, header, 0), .. Words32(0), .. Words16(header, program, programs, 64, 0, 0),
            .. Segment(1, 0, body.Length, 0x10000),
            .. Segment(2, dynamicAt, table.Length * 8, 8),
            .. Segment(0x6474E551, 0, 0, 16), // the stack need not be executable
        ]);

        byte[] Need(string library, bool isLast)
        {
            var entries = _needs.Index().Where(n => n.Item.Library == library).ToList();
            return
            [
                .. Words16(1, (ushort)entries.Count), .. Words32((uint)strings.Add(library), 16, isLast ? 0 : (uint)(16 + (16 * entries.Count))),
                .. entries.SelectMany((n, i) => (byte[])[
                    .. Words32(Hash(n.Item.Version)), .. Words16(0, (ushort)(firstIndex + n.Index)),
                    .. Words32((uint)strings.Add(n.Item.Version), i == entries.Count - 1 ? 0u : 16)]),
            ];
        }

        byte[] Definition(string version, int i) =>
        [
            .. Words16(1, 0, (ushort)(i + 1), 1), .. Words32(Hash(version), 20, i == _definitions.Count - 1 ? 0u : 28),
            .. Words32((uint)strings.Add(version), 0),
        ];

        byte[] SysVHash() => Words32([1, (uint)symbols, (uint)symbols - 1, .. new uint[symbols]]);

        byte[] GnuHash()
        {
            var own = Exported.Aggregate(5381u, (h, c) => (h * 33) + c);
            return [.. Words32(1, (uint)symbols - 1, 1, 0), .. Words64(-1), .. Words32((uint)symbols - 1, own | 1)];
        }
    }

    private static byte[] Symbol(int name, byte info, ushort section, long value) =>
        [.. Words32((uint)name), info, 0, .. Words16(section), .. Words64(value, 4)];

    private static byte[] Segment(uint type, long at, long length, long align) => [.. Words32(type, 6), .. Words64(at, at, at, length, length, align)];

    /// <summary>As the System V ABI has it.</summary>
    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static byte[] Words16(params ushort[] words) => Words(words, 2, (to, w) => BinaryPrimitives.WriteUInt16LittleEndian(to, w));

    private static byte[] Words32(params uint[] words) => Words(words, 4, (to, w) => BinaryPrimitives.WriteUInt32LittleEndian(to, w));

    private static byte[] Words64(params long[] words) => Words(words, 8, (to, w) => BinaryPrimitives.WriteInt64LittleEndian(to, w));

    private static byte[] Words<T>(T[] words, int size, Action<byte[], T> write) => [.. words.SelectMany(word =>
    {
        var bytes = new byte[size];
        write(bytes, word);
        return bytes;
    })];

    private sealed class Strings
    {
        private readonly Dictionary<string, int> _known = [];
        private readonly List<byte> _text = [0];

        public int Length => _text.Count;

        public int Add(string text)
        {
            if (_known.TryGetValue(text, out var at))
                return at;
            at = _text.Count;
            _text.AddRange([.. Encoding.UTF8.GetBytes(text), 0]);
            return _known[text] = at;
        }

        public byte[] ToBytes() => [.. _text];
    }

    /// <summary>What follows the headers; addresses are places in the file.</summary>
    private sealed class Body(int start)
    {
        private readonly List<byte> _bytes = [.. new byte[start]];

        public int Length => _bytes.Count;

        public int Add(byte[] bytes)
        {
            while (_bytes.Count % 8 != 0)
                _bytes.Add(0);
            var at = _bytes.Count;
            _bytes.AddRange(bytes);
            return at;
        }

        public byte[] Finish(byte[] headers) => [.. headers, .. _bytes.Skip(headers.Length)];
    }
}
