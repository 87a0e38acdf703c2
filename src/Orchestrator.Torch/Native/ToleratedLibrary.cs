using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Torch.Native;

/// <summary>
/// Loads a library as it is, or, where the system's C++ library is too old only by name (<see cref="VersionNeedCorrection"/>), a corrected copy of it. The
/// file itself stays as it is, for it may be the package cache's.
/// </summary>
/// <param name="copy">Loads the copy.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class ToleratedLibrary(CorrectedCopy copy)
{
    /// <summary>Which versions the system lacks for a library, as far as its own libraries are loaded; <see langword="null"/>: none that it needs.</summary>
    /// <exception cref="InvalidDataException">The library is damaged.</exception>
    public static string? FindObstacle(string path)
    {
        var image = ElfImage.Parse(File.ReadAllBytes(path));
        return VersionNeedCorrection.Missing(image, SystemLibraries.Definitions) is { Count: > 0 } missing
            ? VersionNeedCorrection.Obstacle(image, missing)
            : null;
    }

    /// <summary>Loads a library.</summary>
    /// <param name="path">Its file. What it needs from its own folder is loaded already: the copy is elsewhere.</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded; where that is for want of versions, all of them are named.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public LoadedLibrary Load(string path)
    {
        try
        {
            return new LoadedLibrary(NativeLibrary.Load(path), path, LoadWay.Plain);
        }
        catch (DllNotFoundException cause)
        {
            var bytes = File.ReadAllBytes(path);
            var image = ElfImage.Parse(bytes);
            var missing = VersionNeedCorrection.Missing(image, SystemLibraries.Definitions);
            if (missing.Count == 0)
                throw;
            if (VersionNeedCorrection.Obstacle(image, missing) is { } obstacle)
                throw new DllNotFoundException(obstacle, cause);
            var (handle, way) = copy.Load(Path.GetFileName(path), VersionNeedCorrection.Correct(bytes, image, missing));
            return new LoadedLibrary(handle, path, way, string.Join(" and ", missing.Select(need => need.Version)));
        }
    }
}
