using System.Security.Cryptography;

namespace Orchestrator.Configuration;

/// <summary>Where a sweep comes from: what the relative paths in it belong to.</summary>
/// <param name="File">The sweep file, a full path; <see langword="null"/>: from code.</param>
/// <param name="Folder">The folder in which it was started, and in which its commands start; a full path.</param>
internal sealed record SweepOrigin(string? File, string Folder)
{
    /// <summary>The folder of the sweep file; without a file the one in which the sweep was started.</summary>
    public string SweepFolder => File is null ? Folder : Path.GetDirectoryName(File)!;

    /// <summary>That of a sweep which is started in the current folder.</summary>
    /// <param name="file">The sweep file, if there is one; one that no path can name counts as none.</param>
    public static SweepOrigin Here(string? file) =>
        new(string.IsNullOrEmpty(file) || file.Contains('\0') ? null : Path.GetFullPath(file), Environment.CurrentDirectory);

    /// <summary>That of a stored sweep.</summary>
    public static SweepOrigin Of(SweepRecord sweep) => new(sweep.File, sweep.Folder ?? Environment.CurrentDirectory);

    /// <summary>
    /// The path that is meant after the home moved: what moved together with the home is found beside it; what did not, where it was.
    /// </summary>
    /// <param name="path">The path as it was recorded.</param>
    /// <param name="recorded">Where the home was then; <see langword="null"/>: not known.</param>
    /// <param name="home">Where the home is.</param>
    public static string? Relocated(string? path, string? recorded, string home)
    {
        if (path is null || recorded is null || recorded == home)
            return path;
        var moved = Path.GetFullPath(Path.GetRelativePath(recorded, path), home);
        return Path.Exists(moved) ? moved : path;
    }

    /// <summary>A hash of a file's bytes; <see langword="null"/>: it cannot be read.</summary>
    public static string? HashOf(string? file)
    {
        if (file is null)
            return null;
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(file)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
