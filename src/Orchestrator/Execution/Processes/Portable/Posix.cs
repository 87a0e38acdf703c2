using System.Runtime.InteropServices;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>The few calls that every Unix has in the same form. Not for Windows.</summary>
internal static unsafe partial class Posix
{
    private const string Name = "libc";
    private const int BrokenPipe = 13;

    /// <summary>Sends a signal to a process or, by a negative number, to a process group.</summary>
    /// <returns>Whether there was anybody.</returns>
    public static bool Kill(int process, int signal) => Send(process, signal) == 0;

    /// <summary>Makes this process the first of a session and of a process group of its own: a terminal's signals no longer reach it.</summary>
    public static void BeginSession() => _ = NewSession();

    /// <summary>Becomes another program. Returns the error's number if that cannot be.</summary>
    public static int Become(IReadOnlyList<string> command)
    {
        _ = Handle(BrokenPipe, 0); // ignored by .NET; that would be inherited
        var arguments = stackalloc byte*[command.Count + 1];
        for (var i = 0; i < command.Count; i++)
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(command[i]);
        arguments[command.Count] = null;
        _ = Execute(arguments[0], arguments);
        return Marshal.GetLastPInvokeError();
    }

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);

    [LibraryImport(Name, EntryPoint = "setsid", SetLastError = true)]
    private static partial int NewSession();

    [LibraryImport(Name, EntryPoint = "signal", SetLastError = true)]
    private static partial nint Handle(int signal, nint handler);

    [LibraryImport(Name, EntryPoint = "execv", SetLastError = true)]
    private static partial int Execute(byte* file, byte** arguments);
}
