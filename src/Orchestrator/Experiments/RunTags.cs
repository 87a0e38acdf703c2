using System.Globalization;

namespace Orchestrator.Experiments;

/// <summary>How a tag is written: lower case; anything but letters, digits and <c>/ @ . - _</c> becomes <c>_</c>.</summary>
internal static class RunTags
{
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    public static string Normalize(string tag)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return string.Create(tag.Length, tag, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = Letter(text, i) ? char.ToLowerInvariant(text[i]) : text[i] is '/' or '@' or '.' or '-' || char.IsAsciiDigit(text[i]) ? text[i] : '_';
        });
    }

    // Letters of other scripts stay, with the marks that belong to them; those beyond 16 bits come as two halves.
    private static bool Letter(string text, int index) =>
        char.IsLetter(text[index])
        || char.GetUnicodeCategory(text[index]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || (char.IsHighSurrogate(text[index]) && char.IsLetter(text, index))
        || (char.IsLowSurrogate(text[index]) && index > 0 && char.IsSurrogatePair(text[index - 1], text[index]) && char.IsLetter(text, index - 1));
}
