using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Torch.Native;

/// <summary>Loads a library from its bytes: from memory where the system does that, else from the user's cache, else from a temporary file.</summary>
/// <param name="createInMemory">Makes a file in memory: <see cref="MemoryFile.Create(string, ReadOnlySpan{byte})"/>.</param>
/// <param name="cacheFolder">The folder in the user's cache; <see langword="null"/>: none.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class CorrectedCopy(CorrectedCopy.CreateInMemory createInMemory, string? cacheFolder)
{
    /// <summary>As <see cref="MemoryFile.Create(string, ReadOnlySpan{byte})"/>.</summary>
    public delegate Microsoft.Win32.SafeHandles.SafeFileHandle CreateInMemory(string name, ReadOnlySpan<byte> content);

    /// <summary>Loads it.</summary>
    /// <param name="name">Its file's name.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>The handle, the path of what was loaded, and how.</returns>
    /// <exception cref="DllNotFoundException">No way works; the message names each with its reason.</exception>
    public (nint Handle, LoadWay Way) Load(string name, ReadOnlySpan<byte> content)
    {
        List<string> reasons = [];
        try
        {
            using var file = createInMemory(name, content);
            return (NativeLibrary.Load(MemoryFile.PathOf(file)), LoadWay.Memory);
        }
        catch (Exception cause) when (IsOfThePlace(cause))
        {
            reasons.Add($"from memory: {cause.Message}");
        }

        try
        {
            if (cacheFolder is not null)
                return (NativeLibrary.Load(CachedLibrary.Write(cacheFolder, name, content)), LoadWay.Cache);
        }
        catch (Exception cause) when (IsOfThePlace(cause))
        {
            reasons.Add($"from {cacheFolder}: {cause.Message}");
        }

        try
        {
            var folder = Directory.CreateTempSubdirectory("orchestrator-");
            try
            {
                return (NativeLibrary.Load(CachedLibrary.Write(folder.FullName, name, content)), LoadWay.Temporary);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        catch (Exception cause) when (IsOfThePlace(cause))
        {
            reasons.Add($"from {Path.GetTempPath()}: {cause.Message}");
        }

        throw new DllNotFoundException($"The corrected copy of {name} cannot be loaded {string.Join("; ", reasons.Select(r => r.ReplaceLineEndings(" ").Trim()))}.");
    }

    private static bool IsOfThePlace(Exception cause) =>
        cause is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException;
}
