using System.Text.RegularExpressions;

namespace Orchestrator.Text;

/// <summary>Paths as people write them where no shell reads them: in settings, in the environment, in quotes.</summary>
internal static partial class UserPath
{
    /// <summary>The path with a leading <c>~</c> replaced by the user's home folder.</summary>
    public static string Expand(string path) =>
        path == "~" ? HomeFolder : path is ['~', '/' or '\\', ..] ? Path.Join(HomeFolder, path[2..]) : path;

    /// <summary>What of the path only a shell would replace: <c>$HOME</c>, <c>%APPDATA%</c>, <c>~other</c>; <see langword="null"/>: nothing.</summary>
    public static string? Unexpanded(string path) => Variable().Match(path) is { Success: true } match ? match.Value.TrimEnd('/') : null;

    private static string HomeFolder =>
        Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [GeneratedRegex(@"^~[^/\\]+|^\$\w+|\$\{\w+\}|%\w+%", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
