using System.Reflection;
using System.Runtime.InteropServices;

namespace Orchestrator.Torch.Native;

/// <summary>
/// Loads TorchSharp's native library, before TorchSharp does it itself: where that fails, TorchSharp prints two pages, may copy half a gigabyte, leaves out
/// the reason, and cannot be used any more in this process.
/// </summary>
internal static class TorchLibrary
{
    /// <summary>What TorchSharp calls it.</summary>
    public const string Name = "LibTorchSharp";

    private static readonly Lock Gate = new();
    private static LoadedLibrary? _loaded;
    private static NotSupportedException? _failure;

    /// <summary>Loads it, once; the same failure each time.</summary>
    /// <exception cref="NotSupportedException">It is not here or does not work on this system; the message says what is missing.</exception>
    public static LoadedLibrary Load()
    {
        lock (Gate)
        {
            if (_failure is not null)
                throw new NotSupportedException(_failure.Message, _failure);
            try
            {
                return _loaded ??= LoadNow();
            }
            catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                _failure = new NotSupportedException(NativeMessages.Of(cause.Message), cause);
                throw _failure;
            }
        }
    }

    /// <summary>
    /// Why it cannot be loaded here, found out without loading it where that can be told by its file; <see langword="null"/>: nothing speaks against it.
    /// </summary>
    public static string? FindObstacle()
    {
        try
        {
            if (Find(FileOf(Name)) is { } path && (Find(FileOf("torch_cpu")) ?? Find(FileOf("torch_cuda"))) is not null)
                return OperatingSystem.IsLinux() && ToleratedLibrary.FindObstacle(path) is { } obstacle ? NativeMessages.Of(obstacle) : null;
            Load(); // elsewhere, where the system finds it by itself, or nowhere
            return null;
        }
        catch (NotSupportedException cause)
        {
            return cause.Message;
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return NativeMessages.Of(cause.Message);
        }
    }

    private static LoadedLibrary LoadNow()
    {
        if (OperatingSystem.IsLinux() && Find(FileOf(Name)) is { } path)
        {
            LoadLibtorch(library => Find(FileOf(library)) is { } found && NativeLibrary.TryLoad(found, out _));
            return new ToleratedLibrary(CorrectedCopy.OfProcess(Environment.GetEnvironmentVariable)).Load(path);
        }

        var assembly = Assembly.Load("TorchSharp");
        LoadLibtorch(library => NativeLibrary.TryLoad(library, assembly, null, out _));
        return new LoadedLibrary(NativeLibrary.Load(Name, assembly, null), null, LoadWay.Plain);
    }

    /// <summary>The libraries that it needs: a copy elsewhere does not find them in its own folder.</summary>
    private static void LoadLibtorch(Func<string, bool> load)
    {
        if (!load("torch_cuda"))
            load("torch_cpu");
        if (OperatingSystem.IsLinux())
            load("torch");
    }

    private static string FileOf(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Where the program has a native library; <see langword="null"/>: nowhere.</summary>
    private static string? Find(string file) =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
        .Append(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder, file))
        .FirstOrDefault(File.Exists);
}
