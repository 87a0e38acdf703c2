namespace Orchestrator.Execution.Commands;

/// <summary>What a program sends to a terminal around its words: colours, movements of the cursor.</summary>
internal static class TerminalCodes
{
    private const byte Escape = 0x1B;

    /// <summary>A line without white space, a byte order mark and control sequences (<c>ESC [ ... letter</c>) around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var trimmed = line.Trim(" \t\r\n"u8);
            if (trimmed.StartsWith("\uFEFF"u8))
                trimmed = trimmed[3..];
            if (SequenceAt(trimmed) is > 0 and var length)
                trimmed = trimmed[length..];
            if (trimmed.LastIndexOf(Escape) is >= 0 and var last && SequenceAt(trimmed[last..]) == trimmed.Length - last)
                trimmed = trimmed[..last];
            if (trimmed.Length == line.Length)
                return trimmed;
            line = trimmed;
        }
    }

    /// <summary>The length of the control sequence that begins here; 0: none does.</summary>
    private static int SequenceAt(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\u001b["u8))
            return 0;
        var end = text[2..].IndexOfAnyInRange((byte)'@', (byte)'~');
        return end < 0 ? 0 : end + 3;
    }
}
