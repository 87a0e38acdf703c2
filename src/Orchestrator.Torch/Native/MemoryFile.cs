using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Torch.Native;

/// <summary>A file that lies in memory alone, and ends with the last use of it.</summary>
internal static class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const uint Executable = 0x10; // since Linux 6.3; where vm.memfd_noexec is set, a library cannot be loaded without

    /// <summary>Makes one.</summary>
    /// <returns>The open file; its path is <see cref="PathOf"/> while it is open.</returns>
    /// <exception cref="IOException">The system makes none, or not of that size.</exception>
    public static SafeFileHandle Create(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = Open(name, CloseOnExec | Executable);
        if (descriptor < 0)
            descriptor = Open(name, CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"memfd_create: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RandomAccess.Write(file, content, 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>By which path this process opens it.</summary>
    public static string PathOf(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";

    private static int Open(string name, uint flags)
    {
        try
        {
            return Create(name, flags);
        }
        catch (EntryPointNotFoundException cause)
        {
            throw new IOException("The system's C library has no memfd_create.", cause);
        }
    }

    [DllImport("libc", EntryPoint = "memfd_create", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Create(string name, uint flags);
}
