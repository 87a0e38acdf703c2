using System.Text.RegularExpressions;

namespace Orchestrator.Execution.Causes;

/// <summary>Reads what Python says of an exception: chained ones, groups of them, those of another process.</summary>
internal static class PythonTraceback
{
    private const int MostInner = 16;

    /// <param name="lines">All lines.</param>
    /// <param name="begin">The line that it begins with, as <see cref="CausePatterns.Traceback"/> reads it.</param>
    /// <param name="at">Its number; becomes that of the line behind.</param>
    public static ProgramCause? Read(string[] lines, Match begin, ref int at)
    {
        var first = at;
        var chain = new List<(string Type, string Message)>();
        var isGroup = begin.Groups["group"].Success;
        var prefix = begin.Groups["prefix"].Value;
        while (Exception(lines, isGroup ? "" : prefix, isGroup, ref at) is { } raised)
        {
            var leaves = isGroup ? Leaves(lines, ref at) : [];
            chain.AddRange(Enumerable.Reverse(leaves));
            chain.Add(leaves.Count > 0 ? (raised.Type, $"{raised.Message}: {leaves[0].Type}: {leaves[0].Message}") : raised);
            // The next traceback of the chain, or the one that came with the exception from where it was raised.
            if (NextOfChain(lines, prefix, at) is not ({ } next, var isOriginal, var line))
                break;
            (at, isGroup) = (line, next.Groups["group"].Success);
            if (!isOriginal)
                continue;
            if (Exception(lines, next.Groups["prefix"].Value, false, ref at) is { } original)
                chain.Add(original);
            break;
        }

        if (chain.Count == 0)
        {
            at = first + 1;
            return null;
        }

        // As Python does: the last one is what ended the program, the others led to it.
        var (type, message) = chain[^1];
        var inner = chain.Take(chain.Count - 1).Reverse().Take(MostInner).Select(c => new InnerFailure(c.Type, CauseReader.Short(c.Message), null));
        return CauseReader.Said(type, message, CauseReader.Stack(lines, first, at), [.. inner]);
    }

    /// <summary>The line that names the exception: the first behind the frames that is indented less than they are.</summary>
    private static (string Type, string Message)? Exception(string[] lines, string prefix, bool isGroup, ref int at)
    {
        var frames = int.MaxValue;
        for (var i = at + 1; i < lines.Length; i++)
        {
            if (Without(lines[i], prefix, isGroup) is not { } text)
                continue; // another process speaks in between
            var indented = text.Length - text.TrimStart().Length;
            if (text.TrimStart().StartsWith("File \"", StringComparison.Ordinal))
                frames = Math.Min(frames, indented);
            else if (text.Trim().Length > 0 && indented < frames && CausePatterns.AnyException().Match(text.Trim()) is { Success: true } said && (frames < int.MaxValue || indented == 0))
            {
                at = i + 1;
                return (said.Groups["type"].Value, said.Groups["message"].Value.Trim());
            }
            else if (text.Trim().Length > 0 && indented == 0 && !isGroup)
                return null; // no traceback after all
        }

        return null;
    }

    private static List<(string Type, string Message)> Leaves(string[] lines, ref int at)
    {
        var found = new List<(string, string)>();
        for (; at < lines.Length; at++)
        {
            var text = lines[at].TrimStart(' ', '|', '+');
            if (lines[at].TrimStart() is not ['|' or '+', ..])
                break;
            if (CausePatterns.NamedError().Match(text) is { Success: true } leaf && found.Count < MostInner && !leaf.Groups["type"].Value.EndsWith("Group", StringComparison.Ordinal))
                found.Add((leaf.Groups["type"].Value, leaf.Groups["message"].Value.Trim()));
        }

        return found;
    }

    private static (Match Begin, bool IsOriginal, int Line)? NextOfChain(string[] lines, string prefix, int at)
    {
        var isChained = false;
        for (; at < lines.Length; at++)
        {
            var text = lines[at];
            if (CausePatterns.Traceback().Match(text) is { Success: true } begin)
                return begin.Groups["original"].Success ? (begin, true, at) : isChained ? (begin, false, at) : null;
            if (CausePatterns.IsChain(text))
                isChained = true;
            else if (text.Replace(prefix.Length == 0 ? "\0" : prefix, "", StringComparison.Ordinal).Trim(' ', '"', '|').Length > 0 && !isChained)
                return null;
        }

        return null;
    }

    private static string? Without(string line, string prefix, bool isGroup)
    {
        if (isGroup)
        {
            var bar = line.IndexOf('|', StringComparison.Ordinal);
            return bar < 0 ? null : line[(bar + 1)..].TrimStart() is var text && line.Length > bar + 2 ? line[(bar + 2)..] : text;
        }

        if (string.IsNullOrWhiteSpace(prefix) || line.StartsWith(prefix, StringComparison.Ordinal))
            return prefix.Length <= line.Length && line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : line;
        // A prefix that stands only before the first line, as a log's does; or the lines of another process, whose prefix is like it.
        return prefix is ['[' or '(', ..] && line.Length > 0 && line[0] == prefix[0] ? null : line;
    }
}
