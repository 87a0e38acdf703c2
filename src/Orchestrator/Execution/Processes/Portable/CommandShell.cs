using System.Runtime.InteropServices;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// Stands before an external program on Unix, and becomes it: in a session of its own, which System.Diagnostics.Process cannot make. So
/// the terminal's Ctrl-C does not reach it, and all of it can be signaled at once.
/// </summary>
internal static class CommandShell
{
    private const int CannotExecute = 126; // a shell's code for it

    public static void Run(IReadOnlyList<string> command)
    {
        Posix.BeginSession();
        var error = Posix.Become(command);
        Console.Error.WriteLine($"{command[0]} cannot be executed: {Marshal.GetPInvokeErrorMessage(error)}");
        Environment.Exit(CannotExecute);
    }
}
