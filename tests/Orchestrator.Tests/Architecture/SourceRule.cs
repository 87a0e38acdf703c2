using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Architecture;

/// <summary>Words that code may not contain, and why.</summary>
internal sealed partial record SourceRule(string Why, string Pattern)
{
    public static SourceRule NoSleep { get; } = new("wait on a TimeProvider or a token instead", @"\bThread\.Sleep\b");

    public static SourceRule NoHiddenNamespace { get; } =
        new("inside Orchestrator.* it would hide the real one", @"^\s*namespace\s+[\w.]*\.(TorchSharp|Hangfire)\b");

    /// <summary>Core has no clock, no generator and no files of its own: it is given time, seeds and text.</summary>
    public static IReadOnlyList<SourceRule> Pure { get; } =
    [
        NoSleep,
        new("time is given, by a TimeProvider", @"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b"),
        new("time is given, by a TimeProvider", @"\bTimeProvider\.System\b|\bStopwatch\b|\bEnvironment\.TickCount"),
        new("a generator is given, or made from a given seed", @"\bRandom\.Shared\b|\bnew\s+(System\.)?Random\s*\(|\bGuid\.NewGuid\b"),
        new("files belong to the engine", @"\bSystem\.IO\.(File|Directory)|(?<![\w.])(File|Directory|FileStream|FileInfo|DirectoryInfo)\.\w|\bnew\s+(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter)\b"),
        new("the console belongs to the command line", @"(?<![\w.])Console\.\w"),
    ];

    /// <summary>The places, as <c>line: text</c>, that break this rule. Comments may say anything.</summary>
    public IEnumerable<string> Breaches(string source) =>
        BlockComment().Replace(source, comment => new string('\n', comment.Value.Count(c => c == '\n'))).Split('\n')
            .Select((line, index) => (Text: LineComment().Replace(line, ""), Number: index + 1))
            .Where(line => Regex.IsMatch(line.Text, Pattern))
            .Select(line => $"{line.Number}: {line.Text.Trim()} ({Why})");

    /// <summary>The same for every file below a folder of the repository.</summary>
    public IEnumerable<string> BreachesIn(string folder) =>
        Repository.Sources(folder).SelectMany(path =>
            Breaches(File.ReadAllText(path)).Select(breach => $"{Path.GetRelativePath(Repository.Root, path)}:{breach}"));

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex BlockComment();

    // Not the slashes of an address in a string.
    [GeneratedRegex(@"(?<!:)//.*$")]
    private static partial Regex LineComment();
}
