namespace Orchestrator.Execution.Processes;

/// <summary>
/// Outlives an orchestrator and its launcher that are killed at the same moment, and then kills what bears their mark: a shell, which waits for
/// the end of a pipe whose other end both of them hold. It is not of this program, so that whoever kills that by name leaves it alone.
/// </summary>
internal sealed class LauncherGuard : IDisposable
{
    private const string Script = """
        read -r done && exit
        for round in 1 2 3 4 5; do
          for file in $(grep -lsF -e "$1" /proc/[0-9]*/environ); do
            file=${file#/proc/}; kill -9 "${file%/environ}"
          done
        done
        """;

    private readonly int _process;
    private readonly Descriptor _ours;

    private LauncherGuard(int process, Descriptor ours) => (_process, _ours) = (process, ours);

    /// <summary>The end of the pipe that the launcher must hold, too.</summary>
    public Descriptor Held => _ours;

    /// <summary>Starts one; where there is no shell it only seems to be there.</summary>
    public static LauncherGuard Start(ProcessMark mark)
    {
        var (theirs, ours) = Descriptor.Pipe();
        using (theirs)
        using (var nothing = Descriptor.Nothing())
        {
            var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } found ? found : "/usr/bin:/bin";
            var failed = NativeSpawn.Start(
                ["sh", "-c", Script, "orchestrator-guard", $"{ProcessMark.Variable}={mark.Prefix}"],
                ["PATH=" + path, "LC_ALL=C"], "/", [theirs.Number, nothing.Number, nothing.Number], out var process);
            return new LauncherGuard(failed == 0 ? process : 0, ours);
        }
    }

    /// <summary>Lets it end: nothing is left to kill.</summary>
    public unsafe void Dispose()
    {
        _ours.Write("\n"u8);
        _ours.Dispose();
        int status;
        while (_process > 0 && Libc.WaitProcess(_process, &status, 0) < 0
            && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
        {
        }
    }
}
