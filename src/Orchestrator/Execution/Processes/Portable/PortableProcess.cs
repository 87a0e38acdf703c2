using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>A process of a run, started by System.Diagnostics.Process.</summary>
internal sealed class PortableProcess : RunProcess
{
    private const int FirstSignalCode = 128;
    private const int LastSignal = 31;

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly PumpedBytes[] _sources;
    private readonly GroupGuard? _guard;
    private string? _scratch;
    private long? _begun;
    private bool _isGone;

    private PortableProcess(Process process, GroupGuard? guard, PumpedBytes[] sources)
        : base(new HandleSignal()) => (_process, _guard, _sources) = (process, guard, sources);

    /// <param name="start">What to start.</param>
    /// <param name="guard">Whom to tell of the process group that it makes of its own as soon as it runs; <see langword="null"/>: it makes none.</param>
    /// <param name="output">What its standard output is read by.</param>
    /// <param name="error">What its standard error is read by; may be the same, as the second pipe.</param>
    /// <param name="others">What else comes from it and ends with it.</param>
    public static PortableProcess Start(ProcessStartInfo start, GroupGuard? guard, PumpedBytes output, PumpedBytes error, params ReadOnlySpan<PumpedBytes> others)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = new Process { StartInfo = start };
        var started = new PortableProcess(process, guard, [output, error, .. others]);
        try
        {
            process.Start();
        }
        catch (Exception cause) when (cause is Win32Exception or PlatformNotSupportedException or IOException)
        {
            started._isGone = true;
            started.Finish(new ProcessEnd(ProcessEndWay.NotStarted, (cause as Win32Exception)?.NativeErrorCode ?? 0));
            return started;
        }

        started.Id = process.Id;
        started._scratch = start.Environment.TryGetValue(RuntimeFiles.FolderVariable, out var scratch) ? scratch : null;
        started._begun = OperatingSystem.IsLinux() ? ProcessTable.Find(process.Id)?.Started : null;
        guard?.Add(process.Id);
        var name = $"process {process.Id}";
        process.StandardInput.Close();
        output.Start(0, process.StandardOutput.BaseStream, name);
        error.Start(ReferenceEquals(output, error) ? 1 : 0, process.StandardError.BaseStream, name);
        // A thread of its own: those of the pool may all be held by user code.
        new Thread(started.WaitForEnd, maxStackSize: 256 * 1024) { IsBackground = true, Name = name }.UnsafeStart();
        return started;
    }

    /// <summary>One that could not be started.</summary>
    /// <param name="error">The system's number of the error.</param>
    /// <param name="sources">What nothing will come from.</param>
    public static PortableProcess NeverStarted(int error, params PumpedBytes[] sources)
    {
        var never = new PortableProcess(new Process(), guard: null, sources) { _isGone = true };
        never.Finish(new ProcessEnd(ProcessEndWay.NotStarted, error));
        return never;
    }

    /// <summary>All that is resident, mapped files among it: .NET tells no more.</summary>
    public override long OwnHeldBytes
    {
        get
        {
            if (End is not null)
                return 0;
            try
            {
                using var look = Process.GetProcessById(Id); // the one at hand is not safe for concurrent use
                return look.WorkingSet64;
            }
            catch (Exception cause) when (cause is InvalidOperationException or ArgumentException or Win32Exception or NotSupportedException)
            {
                return 0;
            }
        }
    }

    /// <summary>Its own alone: which processes descend from it is not to be had everywhere.</summary>
    public override long HeldBytes(MemorySnapshot snapshot, long enough) => OwnHeldBytes;

    /// <inheritdoc/>
    protected override void Ask()
    {
        if (OperatingSystem.IsWindows())
        {
            Kill(); // there is no way to ask a process that has no window and no console in common with us
            return;
        }

        lock (_gate)
        {
            if (!_isGone && !(_guard is not null && Posix.Kill(-Id, Libc.SigTerm)))
                _ = Posix.Kill(Id, Libc.SigTerm);
        }
    }

    /// <summary>Nothing: what a run left is not known here. It is ended with the process, if it stayed in its group.</summary>
    public override void Clean()
    {
    }

    protected override void KillAll()
    {
        lock (_gate)
        {
            if (_isGone)
                return;
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception cause) when (cause is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
            {
                // it is gone already, or something that descends from it
            }

            if (_guard is not null)
                _ = Posix.Kill(-Id, Libc.SigKill);
        }
    }

    private void WaitForEnd()
    {
        _process.WaitForExit();
        ProcessEnd end;
        lock (_gate)
        {
            // Its number still stands for its group, if anybody is left in that.
            if (_guard is not null)
                _ = Posix.Kill(-Id, Libc.SigKill);
            _guard?.Remove(Id);
            _isGone = true;
            end = EndOf(_process.ExitCode, WasKilled, OperatingSystem.IsWindows());
        }

        if (_begun is not null || OperatingSystem.IsMacOS())
            RuntimeFiles.Remove(Id, _begun, _scratch); // a command, too, was this program before it became another
        Finish(end);
        _process.Dispose();
    }

    /// <summary>
    /// What an exit code says. .NET tells of an end by a signal as a shell does, by 128 and its number: a program that exits with such a code
    /// cannot be told from one.
    /// </summary>
    internal static ProcessEnd EndOf(int code, bool wasKilled, bool isWindows)
    {
        if (isWindows)
            return wasKilled ? new ProcessEnd(ProcessEndWay.Signaled, Libc.SigKill) : new ProcessEnd(ProcessEndWay.Exited, code);
        return code is > FirstSignalCode and <= FirstSignalCode + LastSignal
            ? new ProcessEnd(ProcessEndWay.Signaled, code - FirstSignalCode)
            : new ProcessEnd(ProcessEndWay.Exited, code);
    }

    private void Finish(ProcessEnd end)
    {
        foreach (var source in _sources)
            source.ExpectEnd();
        Finished(end);
    }
}
