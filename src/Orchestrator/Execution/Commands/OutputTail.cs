using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>The last 64 KiB that a program printed.</summary>
internal sealed class OutputTail
{
    private const int Most = 64 * 1024;
    private byte[] _bytes = [];
    private int _length;

    public void Add(ReadOnlySpan<byte> lines)
    {
        lines = lines[Math.Max(0, lines.Length - Most)..];
        if (_bytes.Length < _length + lines.Length && _bytes.Length < Most)
            Array.Resize(ref _bytes, Math.Min(Most, Math.Max(1024, 2 * (_length + lines.Length)))); // most programs say little
        var before = Math.Min(_length, _bytes.Length - lines.Length);
        if (before < _length)
            _bytes.AsSpan(_length - before, before).CopyTo(_bytes);
        lines.CopyTo(_bytes.AsSpan(before));
        _length = before + lines.Length;
    }

    public override string ToString() => Encoding.UTF8.GetString(_bytes.AsSpan(0, _length));
}
