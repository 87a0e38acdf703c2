namespace Orchestrator.Exporting;

/// <summary>
/// A file that is written beside the one whose place it takes, and takes it in one step when it is whole. Whatever goes wrong before
/// leaves the old one as it was. A device or a pipe (<c>/dev/stdout</c>, <c>/dev/null</c>) is written to where it is: nothing may take its place.
/// </summary>
internal sealed class AtomicFile : IAsyncDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private readonly bool _inPlace;
    private bool _done;

    /// <exception cref="IOException">The folder does not exist or may not be written.</exception>
    public AtomicFile(string path)
    {
        _target = Path.GetFullPath(path);
        _inPlace = File.Exists(_target) && IsDevice(_target);
        if (_inPlace)
        {
            _temporary = _target;
            Stream = Open(path, FileMode.Open);
            return;
        }

        if (File.Exists(_target) && new FileInfo(_target).ResolveLinkTarget(returnFinalTarget: true) is { } linked)
            _target = linked.FullName; // what the link points to is replaced, not the link
        if (Directory.Exists(_target))
            throw new IOException($"'{path}' is a folder; name a file.");
        _temporary = Path.Combine(Path.GetDirectoryName(_target)!, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
        Stream = Open(path, FileMode.CreateNew);
    }

    /// <summary>Where the new content goes.</summary>
    public FileStream Stream { get; }

    /// <summary>Puts the new content in its place, on the disk.</summary>
    public async Task CommitAsync()
    {
        await Stream.FlushAsync().ConfigureAwait(false);
        if (_inPlace)
            return;
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_temporary, _target, overwrite: true);
        _done = true;
    }

    /// <summary>Removes what was not put in its place.</summary>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        if (!_done && !_inPlace)
            File.Delete(_temporary);
    }

    private static bool IsDevice(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal);

    private FileStream Open(string path, FileMode mode)
    {
        try
        {
            return new FileStream(_temporary, mode, FileAccess.Write, _inPlace ? FileShare.ReadWrite : FileShare.None, 64 * 1024);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' cannot be written: {cause.Message}", cause);
        }
    }
}
