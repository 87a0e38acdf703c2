using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Torch.Native;

/// <summary>Loads a library from its bytes: from memory where the system does that, else from the user's cache, else from a temporary file.</summary>
/// <param name="createInMemory">Makes a file in memory (<see cref="MemoryFile"/>); <see langword="null"/>: not wanted.</param>
/// <param name="cacheFolder">The folder in the user's cache; <see langword="null"/>: none.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class CorrectedCopy(CorrectedCopy.CreateInMemory? createInMemory, string? cacheFolder)
{
    /// <summary>The environment variable that keeps the copy out of memory if it is <c>cache</c>: for profilers and debuggers, which look for files.</summary>
    public const string PlaceVariable = "ORCHESTRATOR_TORCH_COPY";

    private static readonly ConcurrentBag<SafeFileHandle> KeptOpen = [];

    /// <summary>As <see cref="MemoryFile.Create(string, ReadOnlySpan{byte})"/>.</summary>
    public delegate SafeFileHandle CreateInMemory(string name, ReadOnlySpan<byte> content);

    /// <summary>The places that this process has.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static CorrectedCopy OfProcess(Func<string, string?> variable) =>
        new(variable(PlaceVariable) == "cache" ? null : MemoryFile.Create, CachedLibrary.Folder(variable));

    /// <summary>Loads it.</summary>
    /// <param name="name">Its file's name.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="DllNotFoundException">Every place failed; the message names each with its reason.</exception>
    public (nint Handle, LoadWay Way) Load(string name, ReadOnlySpan<byte> content)
    {
        List<string> failures = [];
        foreach (var way in (LoadWay[])[LoadWay.Memory, LoadWay.Cache, LoadWay.Temporary])
        {
            try
            {
                if (Load(way, name, content) is var handle and not 0)
                    return (handle, way);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
            {
                failures.Add($"{way.ToString().ToLowerInvariant()}: {cause.Message.ReplaceLineEndings(" ").Trim()}");
            }
        }

        throw new DllNotFoundException($"its corrected copy can be loaded from no place ({string.Join("; ", failures)})");
    }

    /// <summary>
    /// The system's loader knows a library by its path, which here is the number of an open file. The file stays open, so that no other library is given
    /// the number later and passes for this one.
    /// </summary>
    private static nint LoadFromMemory(SafeFileHandle file)
    {
        try
        {
            var handle = NativeLibrary.Load(MemoryFile.PathOf(file));
            KeptOpen.Add(file);
            return handle;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <returns>The handle; 0: there is no such place.</returns>
    private nint Load(LoadWay way, string name, ReadOnlySpan<byte> content)
    {
        switch (way)
        {
            case LoadWay.Memory when createInMemory is not null:
                return LoadFromMemory(createInMemory(name, content));
            case LoadWay.Cache when cacheFolder is not null:
                return NativeLibrary.Load(CachedLibrary.Write(cacheFolder, name, content));
            case LoadWay.Temporary:
                var folder = Directory.CreateTempSubdirectory("orchestrator-");
                try
                {
                    return NativeLibrary.Load(CachedLibrary.Write(folder.FullName, name, content));
                }
                finally
                {
                    folder.Delete(recursive: true); // what is loaded stays so
                }

            default:
                return 0;
        }
    }
}
