using System.Reflection;

namespace Orchestrator.Tests.Architecture;

/// <summary>
/// What others can build on changes knowingly only: the surface of each library is a file beside this one. After a change that
/// is meant, <c>ORCHESTRATOR_ACCEPT=1 dotnet test</c> writes the files anew.
/// </summary>
public class PublicSurfaceTests
{
    [Theory]
    [InlineData("Orchestrator.Core")]
    [InlineData("Orchestrator")]
    [InlineData("Orchestrator.Cli")]
    [InlineData("Orchestrator.Torch")]
    [InlineData("Orchestrator.Web")]
    public void PublicSurface_OfLibrary_IsTheAcceptedOne(string library)
    {
        var file = Path.Combine(Repository.Root, "tests", "Orchestrator.Tests", "Architecture", "PublicSurface", library + ".txt");
        var actual = PublicSurface.Of(Assembly.Load(new AssemblyName(library))).ToArray();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
            File.WriteAllText(file, string.Concat(actual.Select(line => line + "\n")));

        var accepted = File.Exists(file) ? File.ReadAllLines(file) : [];

        Assert.True(accepted.SequenceEqual(actual), $"""
            The public surface of {library} is not the accepted one:
            {string.Join('\n', Difference(accepted, actual))}
            If it is meant: ORCHESTRATOR_ACCEPT=1 dotnet test, and commit {Path.GetRelativePath(Repository.Root, file)}.
            """);
    }

    [Fact]
    public void PublicSurface_OfEveryKindOfMember_ReadsLikeCSharp()
    {
        var lines = PublicSurface.Of(typeof(Samples.Sample<>).Assembly).ToArray();
        var start = Array.FindIndex(lines, line => line.Contains("Samples.Sample<T>", StringComparison.Ordinal));

        Assert.Equal(
        [
            "abstract class Orchestrator.Tests.Architecture.Samples.Sample<T> : IDisposable",
            "    Sample(T first, string? name = \"x\")",
            "    abstract protected Task<string?> LoadAsync(IReadOnlyList<T?> items, out int count)",
            "    const int Limit = 3",
            "    event EventHandler? Changed",
            "    int? Item[string key] { get; }",
            "    required string Name { get; init; }",
            "    static (int, string) Pair<TItem>(params TItem[] values)",
            "    void Dispose()",
        ], lines[start..(start + 9)]);
        Assert.Contains("sealed record Orchestrator.Tests.Architecture.Samples.SampleRecord : IEquatable<SampleRecord>", lines);
        Assert.Contains("delegate string? Orchestrator.Tests.Architecture.Samples.SampleDelegate(object? sender, DayOfWeek day = DayOfWeek.Monday)", lines);
    }

    /// <summary>Removed and added lines, each below the type that it belongs to.</summary>
    private static IEnumerable<string> Difference(string[] accepted, string[] actual)
    {
        var (before, after) = (Qualified(accepted), Qualified(actual));
        return before.Except(after).Select(line => (line, '-')).Concat(after.Except(before).Select(line => (line, '+')))
            .Order().Select(entry => $"{entry.Item2} {entry.line}");
    }

    private static string[] Qualified(string[] lines)
    {
        var type = "";
        return [.. lines.Select(line => line.StartsWith(' ') ? $"{type} | {line.Trim()}" : type = line)];
    }
}
