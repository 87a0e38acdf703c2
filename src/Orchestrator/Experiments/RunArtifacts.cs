using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Orchestrator.Experiments;

/// <summary>
/// The files that are kept with a run. Each is copied beside its place while its hash is computed, and then renamed into it, so that
/// there is never half a file; a content that the run has already is told by its hash, and the copy is dropped.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing.")]
internal sealed class RunArtifacts(RunContext run)
{
    private const string Folder = "artifacts";
    private const int BufferSize = 128 * 1024;

    /// <summary>One at a time: of two files of one content the second must find the first.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, string> _pathsByHash = new(StringComparer.Ordinal);
    private readonly ArtifactCap _cap = new(run.Info.Caps);
    private bool _tidied;

    public async Task AddAsync(string path, string? name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!Directory.Exists(path))
        {
            await AddFileAsync(path, name, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var inner = Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/');
            await AddFileAsync(file, $"{name}/{inner}", cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task AddAsync(Stream content, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var target = PathOf(name);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CopyAsync(content, name, target, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task AddFileAsync(string file, string name, CancellationToken cancellationToken)
    {
        var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        await using (content.ConfigureAwait(false))
            await AddAsync(content, name, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(Stream content, string name, string target, CancellationToken cancellationToken)
    {
        var home = run.Directory;
        var temporary = Path.Combine(home, Folder, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        Tidy(Path.GetDirectoryName(temporary)!);
        try
        {
            var (bytes, hash) = await WriteAsync(content, name, temporary, cancellationToken).ConfigureAwait(false);
            if (!_pathsByHash.TryGetValue(hash, out var path) || !File.Exists(Path.Combine(home, path)))
                _pathsByHash[hash] = path = await PlaceAsync(home, name, target, temporary, bytes, hash, cancellationToken).ConfigureAwait(false);
            await run.NoteAsync(new ArtifactNote(name, path, bytes, hash, run.Now)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(temporary); // there is none where it took its place
        }
    }

    /// <summary>What an earlier attempt was copying when its process was killed is nobody's.</summary>
    private void Tidy(string folder)
    {
        if (_tidied)
            return;
        _tidied = true;
        foreach (var left in Directory.EnumerateFiles(folder, ".*.tmp"))
        {
            if (Guid.TryParseExact(Path.GetFileName(left)[1..^".tmp".Length], "N", out _))
                File.Delete(left);
        }
    }

    /// <summary>Puts a copy where it belongs. A file that is there already may be another name's: it stays, and this one is told apart by its hash.</summary>
    private async Task<string> PlaceAsync(
        string home, string name, string target, string temporary, long bytes, string hash, CancellationToken cancellationToken)
    {
        var path = target;
        if (File.Exists(Path.Combine(home, path)))
        {
            if (await HashOfAsync(Path.Combine(home, path), cancellationToken).ConfigureAwait(false) == hash)
                return path; // an earlier attempt added it
            path = $"{target[..^Path.GetExtension(target).Length]}.{hash[..12]}{Path.GetExtension(target)}";
        }

        _cap.Take(name, bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(home, path))!);
        File.Move(temporary, Path.Combine(home, path), overwrite: true);
        return path;
    }

    private static async Task<string> HashOfAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false))
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
    }

    private async Task<(long Bytes, string Hash)> WriteAsync(Stream content, string name, string path, CancellationToken cancellationToken)
    {
        var most = _cap.MostToCopy;
        if (content.CanSeek && content.Length - content.Position is var known && known > most)
            throw _cap.Exceeded(name, known, isAll: true); // before the disk has it
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[BufferSize];
            var total = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > most)
                    throw _cap.Exceeded(name, total, isAll: false);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return (total, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    /// <exception cref="ArgumentException">The name leads out of the folder.</exception>
    private static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parts = name.Split('/');
        return parts.All(p => p.Length > 0 && p is not ("." or "..") && !p.Contains('\\', StringComparison.Ordinal) && !p.Contains('\0', StringComparison.Ordinal))
            ? $"{Folder}/{name}"
            : throw new ArgumentException($"An artifact's name is a relative path without '.' and '..', with '/' between folders; got '{name}'.", nameof(name));
    }
}
