using System.Globalization;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>
/// The folder <c>checkpoints</c> in a run's folder: one folder for each attempt, so that two attempts never write to the same place, also where
/// one of them should have ended long ago.
/// </summary>
internal static class CheckpointFolders
{
    private const string Root = "checkpoints";
    private const string AttemptPrefix = "attempt-";
    private const string FilePrefix = "step-";

    /// <summary>The path of an attempt's folder, relative to the run's.</summary>
    public static string OfAttempt(int attempt) => string.Create(CultureInfo.InvariantCulture, $"{Root}/{AttemptPrefix}{attempt}");

    /// <summary>A path for a new checkpoint that no file has, relative to the run's folder.</summary>
    public static string NewPath(string runFolder, int attempt, long step)
    {
        for (var again = 0; ; again++)
        {
            var suffix = again == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-again-{again}");
            var path = string.Create(CultureInfo.InvariantCulture, $"{OfAttempt(attempt)}/{FilePrefix}{step:D6}{suffix}{CheckpointFile.Extension}");
            if (!File.Exists(Path.Combine(runFolder, path)))
                return path;
        }
    }

    /// <summary>
    /// Removes what earlier attempts left behind when they were killed: half a file, a file that was never noted, one that was to be deleted.
    /// </summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="attempt">The attempt that begins.</param>
    /// <param name="known">The paths of the checkpoints that count.</param>
    public static void RemoveLeftovers(string runFolder, int attempt, IEnumerable<string> known)
    {
        var counts = known.ToHashSet(StringComparer.Ordinal);
        foreach (var earlier in Attempts(runFolder).Where(a => a <= attempt))
        {
            var folder = OfAttempt(earlier);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(runFolder, folder), FilePrefix + "*"))
            {
                var name = Path.GetFileName(file);
                var isOurs = name.EndsWith(CheckpointFile.Extension, StringComparison.Ordinal)
                    || name.EndsWith(CheckpointFile.Extension + CheckpointFile.TemporaryExtension, StringComparison.Ordinal);
                if (isOurs && !counts.Contains($"{folder}/{name}"))
                    CheckpointFile.TryDelete(file);
            }
        }
    }

    /// <summary>
    /// Makes the folder in which a program keeps its own state (<c>ORCHESTRATOR_CHECKPOINT_DIR</c>): with a copy of what the newest earlier attempt
    /// left in its own, or empty. It is there whole or not at all. Files and folders that end in <c>.tmp</c> or begin with a dot were being
    /// written, and are left out.
    /// </summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="attempt">The attempt that begins.</param>
    /// <returns>
    /// The full path, and when the newest file was written of those that the attempts before have left; <see langword="null"/>: they left nothing.
    /// </returns>
    /// <exception cref="IOException">It cannot be made; earlier attempts' folders are as they were.</exception>
    public static (string Path, DateTimeOffset? SavedAt) PrepareForProgram(string runFolder, int attempt)
    {
        var folder = Path.Combine(runFolder, OfAttempt(attempt));
        var root = Path.Combine(runFolder, Root);
        if (!Directory.Exists(root))
        {
            // Nothing came before: an empty folder is whole at once. Asked for both together, .NET would try the inner one first, in vain.
            Directory.CreateDirectory(root);
            return (Directory.CreateDirectory(folder).FullName, null);
        }

        var temporary = folder + CheckpointFile.TemporaryExtension;
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true); // an attempt whose beginning was never stored is made again under its number
        Directory.CreateDirectory(temporary);
        var earlier = Attempts(runFolder).Where(a => a < attempt).OrderDescending().ToList();
        try
        {
            if (earlier.Count > 0)
                Copy(Path.Combine(runFolder, OfAttempt(earlier[0])), temporary);
            Directory.Move(temporary, folder);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }

        // The one before stays, should this one's be spoilt; older ones have been copied twice.
        foreach (var old in earlier.Skip(1))
            Directory.Delete(Path.Combine(runFolder, OfAttempt(old)), recursive: true);
        return (folder, SavedAt(folder));
    }

    private static DateTimeOffset? SavedAt(string folder)
    {
        DateTimeOffset? newest = null;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            DateTimeOffset written = file.LastWriteTimeUtc;
            newest = newest > written ? newest : written;
        }

        return newest;
    }

    private static List<int> Attempts(string runFolder)
    {
        var root = Path.Combine(runFolder, Root);
        return !Directory.Exists(root)
            ? []
            : [.. Directory.EnumerateDirectories(root, AttemptPrefix + "*")
                .Select(d => int.TryParse(Path.GetFileName(d).AsSpan(AttemptPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
                .Where(n => n > 0)];
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            if (file.Name.StartsWith('.') || file.Name.EndsWith(CheckpointFile.TemporaryExtension, StringComparison.Ordinal))
                continue;
            var target = Path.Combine(to, file.Name);
            if (file.LinkTarget is { } link)
                File.CreateSymbolicLink(target, link);
            else if (file is FileInfo)
                File.Copy(file.FullName, target);
            else
                Copy(file.FullName, Directory.CreateDirectory(target).FullName);
        }
    }
}
