using System.CommandLine.Completions;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Settings;
using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Cli.Completing;

/// <summary>What a shell may complete. Whoever presses Tab wants no error: what cannot be found out is not offered.</summary>
internal static class CompletionSources
{
    private const int MostSweeps = 50;
    private static readonly string[] FileEndings = [".json", ".yaml", ".yml"];

    /// <summary>Sweep files, and the folders on the way to them.</summary>
    public static IEnumerable<CompletionItem> Files(CompletionContext context)
    {
        var typed = context.WordToComplete;
        var folder = typed[..(typed.LastIndexOf('/') + 1)];
        try
        {
            return
            [
                .. from entry in new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos()
                   let isFolder = entry.Attributes.HasFlag(FileAttributes.Directory)
                   where !entry.Name.StartsWith('.') && (isFolder || FileEndings.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                   orderby entry.Name
                   select new CompletionItem(folder + entry.Name + (isFolder ? "/" : "")),
            ];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>The ids of the latest sweeps, and their names.</summary>
    public static IEnumerable<CompletionItem> Sweeps(CliApp app, CompletionContext context) => Read(app, context, async stored =>
    {
        var found = new List<string>();
        await foreach (var sweep in (await stored.StoreAsync()).ListSweepsAsync(new SweepQuery { Limit = MostSweeps }))
        {
            found.Add(sweep.Id);
            if (sweep.Name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'))
                found.Add(sweep.Name);
        }

        return found.Distinct();
    });

    /// <summary>What runs can be sorted by.</summary>
    public static IEnumerable<CompletionItem> Fields(CliApp app, CompletionContext context) =>
    [
        .. RunField.Fixed.Where(f => f.Name != "tags").Select(f => new CompletionItem(f.Name)),
        .. Read(app, context, async stored => (await (await stored.StoreAsync()).VocabularyAsync()).Metrics.Select(m => "metrics." + m)),
    ];

    private static List<CompletionItem> Read(CliApp app, CompletionContext context, Func<StoredSweeps, Task<IEnumerable<string>>> read)
    {
        try
        {
            return Task.Run(async () =>
            {
                await using var services = AppServices.ForLooks(app, context.ParseResult);
                var stored = new StoredSweeps(services);
                return stored.Any ? (await read(stored)).Select(n => new CompletionItem(n)).ToList() : [];
            }).GetAwaiter().GetResult();
        }
        catch (Exception cause) when (cause is StoreException or CliException or IOException or InvalidOperationException)
        {
            return [];
        }
    }
}
