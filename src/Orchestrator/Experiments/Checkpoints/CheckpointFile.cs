using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>
/// A checkpoint as a file: a zip archive, nothing compressed, that any tool opens. <c>checkpoint.json</c> says what it is, <c>objects/NAME</c>
/// holds the state of each object. The same states give the same bytes: there is no time in it.
/// </summary>
internal static class CheckpointFile
{
    public const string Extension = ".zip";
    public const string TemporaryExtension = ".tmp";
    public const string RandomName = "random";
    public const string ValuesName = "values";
    private const int Version = 1;
    private const int BufferSize = 64 * 1024; // below the size at which arrays go to the large object heap
    private const string About = "checkpoint.json";
    private const string Objects = "objects/";
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest that zip knows

    /// <summary>Names that the run itself uses.</summary>
    public static bool IsReserved(string name) => name is RandomName or ValuesName;

    /// <summary>Writes, flushes to the disk, renames: the file is there whole or not at all.</summary>
    /// <returns>Its size and hash.</returns>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public static (long Bytes, string Sha256) Write(string path, long step, IReadOnlyList<StatefulObject> objects, Func<string, Stream>? open = null)
    {
        var temporary = path + TemporaryExtension;
        try
        {
            (long, string) written;
            using (var file = (open ?? OpenNew)(temporary))
            {
                using (var hashing = new HashingStream(file))
                {
                    using (var archive = new ZipArchive(hashing, ZipArchiveMode.Create, leaveOpen: true))
                        Fill(archive, step, objects);
                    hashing.Flush();
                    written = (hashing.Length, hashing.Hash());
                }

                if (file is FileStream onDisk)
                    onDisk.Flush(flushToDisk: true);
            }

            // The folder is not flushed: should a power cut take the name with it, the one before is taken, whose name is older.
            File.Move(temporary, path, overwrite: false);
            return written;
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Opens a file if it is, byte for byte, what was noted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">What it must be.</param>
    /// <param name="reason">Why it is not that.</param>
    public static FileStream? OpenWhole(string path, CheckpointNote note, out string reason)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
            if (file.Length != note.Bytes)
            {
                reason = $"it has {file.Length} bytes where {note.Bytes} were written";
            }
            else if (Convert.ToHexStringLower(SHA256.HashData(file)) != note.Sha256)
            {
                reason = "its content is not what was written";
            }
            else
            {
                reason = "";
                file.Position = 0;
                return file;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            reason = cause is FileNotFoundException or DirectoryNotFoundException ? "it is gone" : cause.Message;
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Hands each object its state.</summary>
    /// <exception cref="CheckpointException">What is registered is not what was saved, or an object does not take its state.</exception>
    public static void Read(FileStream file, CheckpointNote note, IReadOnlyList<StatefulObject> objects)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var saved = archive.Entries.Where(e => e.FullName.StartsWith(Objects, StringComparison.Ordinal)).ToDictionary(e => e.FullName[Objects.Length..], StringComparer.Ordinal);
        var (missing, unknown) = (objects.Where(o => !saved.ContainsKey(o.Name)).ToList(), saved.Keys.Except(objects.Select(o => o.Name)).ToList());
        if (missing.Count > 0 || unknown.Count > 0)
        {
            throw new CheckpointException(
                $"The checkpoint of step {note.Step} ({note.Path}) does not fit what the run has registered:"
                + (unknown.Count > 0 ? $" it holds the state of {Names(unknown)}, registered under no such name;" : "")
                + (missing.Count > 0 ? $" it holds no state of {Names(missing.Select(o => o.Name))};" : "")
                + " register the same objects before restoring, or remove the run's 'checkpoints' folder to start it anew.");
        }

        foreach (var each in objects)
        {
            try
            {
                using var state = saved[each.Name].Open();
                each.Load(state);
            }
            catch (Exception cause)
            {
                throw new CheckpointException($"'{each.Name}' could not take in its state of step {note.Step} ({note.Path}): {cause.Message}", cause);
            }
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted now is looked at again by the run's next attempt, and goes with the sweep.
        }
    }

    private static FileStream OpenNew(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, BufferSize);

    private static void Fill(ZipArchive archive, long step, IReadOnlyList<StatefulObject> objects)
    {
        using (var about = Open(archive, About))
        using (var json = new Utf8JsonWriter(about))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("step", step);
            json.WriteStartArray("objects");
            foreach (var each in objects)
                json.WriteStringValue(each.Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        foreach (var each in objects)
        {
            using var state = Open(archive, Objects + each.Name);
            each.Save(state);
        }
    }

    private static Stream Open(ZipArchive archive, string name)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        return entry.Open();
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
