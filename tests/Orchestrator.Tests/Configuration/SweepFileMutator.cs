using System.Text;

namespace Orchestrator.Tests.Configuration;

/// <summary>Makes broken sweep files, the same ones for the same seed.</summary>
public sealed class SweepFileMutator(int seed)
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "'", "- ", "? ", "& ", "*a", "&a ", "<<: ", "!!int ", "!x ", "| ", "> ", "#", "//", "/*", "---\n", "...\n",
        "%YAML 1.2\n", "null", "true", ".nan", ".inf", "-", "1e999", "-1e999", "99999999999999999999999", "0x", "0o9", "1_000", "\\u0000", "\\ud800",
        "min", "max", "values", "when", "parameters", "type", "seeds", "replicates", "trainable", "metric", "4x", "-3s", "1h1d", "tpe", "\t", "\r", "\n", "\0",
    ];

    private static readonly string[] Characters = ["é", "😀", "\uFEFF", "\u2028", "\u0085", "\u202E", "\uD800", "中", "\u0007", "\uFFFF"];

    private readonly Random _random = new(seed);

    /// <summary>A broken version of one of the sample texts.</summary>
    /// <returns>The name of the file and its bytes.</returns>
    public (string File, byte[] Content) Next()
    {
        var (file, text) = SampleTexts.All[_random.Next(SampleTexts.All.Count)];
        for (var i = _random.Next(1, 4); i > 0; i--)
            text = Mutate(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (_random.Next(8) == 0 && bytes.Length > 0)
        {
            for (var i = _random.Next(1, 6); i > 0; i--)
                bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return (file, bytes);
    }

    private string Mutate(string text)
    {
        if (text.Length < 4)
            return text + Tokens[_random.Next(Tokens.Length)];
        var at = _random.Next(text.Length);
        var length = Math.Min(_random.Next(1, 12), text.Length - at);
        return _random.Next(12) switch
        {
            0 => text[..at], // truncated
            1 => text.Remove(at, length),
            2 => text.Insert(at, text.Substring(at, length)),
            3 => text.Insert(at, Tokens[_random.Next(Tokens.Length)]),
            4 => text.Insert(at, Characters[_random.Next(Characters.Length)]),
            5 => Typo(text),
            6 => SwapWords(text),
            7 => ReplaceNumber(text, at),
            8 => text.Insert(at, Nested()),
            9 => DuplicateLine(text, at),
            10 => text.Insert(at, text.Substring(_random.Next(text.Length / 2), _random.Next(text.Length / 2))),
            _ => text.Remove(at, 1).Insert(at, ((char)_random.Next(1, 0x180)).ToString()),
        };
    }

    private string Nested()
    {
        var depth = _random.Next(10, 3000);
        return _random.Next(4) switch
        {
            0 => new string('[', depth),
            1 => string.Concat(Enumerable.Repeat("{\"a\":", depth)),
            2 => new string('[', depth / 50) + new string(']', depth / 50),
            _ => "\na: &a [1, 1]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"b{i}: &a [*a, *a, *a]\n")),
        };
    }

    private string Typo(string text)
    {
        var (start, length) = Word(text);
        if (length < 2)
            return text;
        var at = start + _random.Next(length - 1);
        return text[..at] + text[at + 1] + text[at] + text[(at + 2)..];
    }

    private string SwapWords(string text)
    {
        var (first, second) = (Word(text), Word(text));
        if (first.Start > second.Start)
            (first, second) = (second, first);
        if (first.Start + first.Length > second.Start)
            return text;
        var (a, b) = (first.Start + first.Length, second.Start + second.Length);
        return $"{text[..first.Start]}{text[second.Start..b]}{text[a..second.Start]}{text[first.Start..a]}{text[b..]}";
    }

    private (int Start, int Length) Word(string text)
    {
        var start = _random.Next(text.Length);
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]))
            start--;
        var end = start;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
            end++;
        return (start, end - start);
    }

    private string ReplaceNumber(string text, int from)
    {
        var at = text.IndexOfAny("0123456789".ToCharArray(), from);
        string[] numbers = ["-1", "0", "1e308", "9223372036854775808", new string('9', 400), "0.0000000000000000000001", "1.5", ".", "''", "{}"];
        return at < 0 ? text : text.Remove(at, 1).Insert(at, numbers[_random.Next(numbers.Length)]);
    }

    private static string DuplicateLine(string text, int at)
    {
        var start = text.LastIndexOf('\n', at) + 1;
        var end = text.IndexOf('\n', at);
        return end < 0 || end < start ? text : text.Insert(end + 1, text[start..(end + 1)]);
    }
}
