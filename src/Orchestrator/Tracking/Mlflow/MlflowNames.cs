using System.Globalization;
using System.Text;

namespace Orchestrator.Tracking.Mlflow;

/// <summary>
/// Names as a tracking server takes them: letters, digits, <c>_ - . /</c> and spaces, at most 250 characters, and no path that leads elsewhere
/// (mlflow/utils/validation.py).
/// </summary>
internal static class MlflowNames
{
    public const int LongestName = 250;
    public const int LongestParameter = 6_000;
    public const int LongestTag = 5_000;

    public static string Of(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' or '.' or '/' or ' ')
                clean.Append(rune.ToString());
            else
                clean.Append('_');
        }

        // Servers refuse what would lead elsewhere as a path, and trim nothing.
        var parts = clean.ToString().Split('/').Where(part => part.Length > 0).Select(part => part.All(c => c == '.') ? new string('_', part.Length) : part);
        var path = string.Join('/', parts);
        return path.Length == 0 ? "_" : Cut(path, LongestName);
    }

    /// <summary>The beginning of a text that is too long; never half of a character.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var end = longest - 3;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "...";
    }

    public static string Text(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Float => value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        ParameterKind.Text => value.AsText(),
        _ => ParameterJson.ToJson(value),
    };
}
