using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Orchestrator.Torch.Native;

/// <summary>A library as a file named by its content, for systems that load none from memory. Any number of processes may write the same one at once.</summary>
[UnsupportedOSPlatform("windows")]
internal static class CachedLibrary
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder in the user's cache; <see langword="null"/>: the user has none.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string? Folder(Func<string, string?> variable) =>
        variable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache) ? Path.Combine(cache, "orchestrator", "native")
        : variable("HOME") is { } home && Path.IsPathRooted(home) ? Path.Combine(home, ".cache", "orchestrator", "native")
        : null;

    /// <summary>Puts the library into a folder, unless it is there with the same content.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static string Write(string folder, string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}-{name}");
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            return path;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var partial = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
                file.Write(content);
            File.Move(partial, path, overwrite: true); // another process sees the whole file or none; one that has loaded the old file keeps it
        }
        finally
        {
            File.Delete(partial);
        }

        return path;
    }
}
