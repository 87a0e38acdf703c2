using System.Globalization;

namespace Orchestrator.Execution.Processes;

/// <summary>
/// The launcher: a small process of its own that starts all processes of runs, hears of their end, and outlives the orchestrator by the
/// moment it takes to kill everything that descends from them. A subreaper: a child that forks away becomes the launcher's, not the
/// system's. Everything is started by the main thread, which never ends: a child's parent-death signal comes from the thread that made it.
/// </summary>
internal sealed unsafe class LauncherProgram
{
    private readonly Lock _gate = new();
    private readonly Lock _sending = new();
    private readonly Dictionary<int, Job> _byProcess = [];
    private readonly Dictionary<long, Job> _byNumber = [];
    private readonly object _newChild = new();
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _children;
    private readonly WireStream _orchestrator;
    private readonly WireWriter _answer = new();
    private readonly int _self = Environment.ProcessId;
    private Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private ProcessMark _mark = ProcessMark.Read("");

    private int _starts;
    private bool _isDismissed;

    private LauncherProgram(WireStream orchestrator) => _orchestrator = orchestrator;

    /// <summary>Serves until the orchestrator is gone; ends the process.</summary>
    public static void Run(int control)
    {
        _ = Libc.ProcessControl(Libc.SetChildSubreaper, 1, 0, 0, 0);
        CloseAllOnExec();
        var noCore = stackalloc ulong[2];
        _ = Libc.SetLimit(4, noCore); // a crash must not cost the next run the time of a core dump
        using var orchestrator = new WireStream(new Descriptor(control), takesDescriptors: true);
        var launcher = new LauncherProgram(orchestrator);
        new Thread(launcher.Reap) { IsBackground = true, Name = "reaper" }.Start();
        try
        {
            launcher.Serve();
        }
        finally
        {
            launcher.KillEverything();
            if (!launcher._isDismissed)
                launcher.Tidy();
            Libc.ExitNow(0);
        }
    }

    /// <summary>Whatever this process inherited by accident must not reach its children.</summary>
    private static void CloseAllOnExec()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
                _ = Libc.Control(descriptor, 2, 1);
        }
    }

    private void Serve()
    {
        do
        {
            while (_orchestrator.TryTake(out var type, out var payload))
            {
                var message = new WireReader(payload);
                switch ((LauncherRequest)type)
                {
                    case LauncherRequest.Hello: Hear(ref message); break;
                    case LauncherRequest.Start: Start(ref message); break;
                    case LauncherRequest.Signal: Signal(message.Long(), message.Int()); break;
                    case LauncherRequest.Clean: Clean(message.Long()); break;
                    case LauncherRequest.Farewell: _isDismissed = true; break;
                }
            }
        }
        while (_orchestrator.Receive());
    }

    private void Hear(ref WireReader message)
    {
        _mark = ProcessMark.Read(message.Text());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = message.Int(); count > 0; count--)
            environment[message.Text()] = message.Text();
        _environment = environment;
    }

    private void Start(ref WireReader message)
    {
        var number = message.Long();
        var folder = message.Maybe();
        var command = new string[message.Int()];
        for (var i = 0; i < command.Length; i++)
            command[i] = message.Text();
        var changed = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var count = message.Int(); count > 0; count--)
            changed[message.Text()] = message.Maybe();
        changed[ProcessMark.Variable] = _mark.Of(number);
        var descriptors = new Descriptor[message.Int()];
        for (var i = 0; i < descriptors.Length; i++)
            descriptors[i] = _orchestrator.Received.Dequeue();

        // In the system's ticks, a hundredth of a second; taken before, so that no child of its own seems older.
        var now = (long)(System.Diagnostics.Stopwatch.GetTimestamp() / (System.Diagnostics.Stopwatch.Frequency / 100.0)) - 1;
        int error, process;
        lock (_gate) // its end must not be heard of before it is known
        {
            error = NativeSpawn.Start(command, EnvironmentWith(changed), folder, Array.ConvertAll(descriptors, d => d.Number), out process);
            if (error == 0)
            {
                var job = new Job(number, process, now, changed.TryGetValue(RuntimeFiles.FolderVariable, out var own) ? own : Scratch);
                _byProcess[process] = job;
                _byNumber[number] = job;
            }
        }

        foreach (var descriptor in descriptors)
            descriptor.Dispose();
        if (error != 0)
        {
            Answer(LauncherAnswer.Ended, number, (byte)ProcessEndWay.NotStarted, error);
            return;
        }

        Answer(LauncherAnswer.Started, number, null, process);
        lock (_newChild)
        {
            _starts++;
            Monitor.Pulse(_newChild);
        }
    }

    private List<string> EnvironmentWith(Dictionary<string, string?> changed)
    {
        var all = new List<string>(_environment.Count + changed.Count);
        foreach (var (name, value) in _environment)
        {
            if (!changed.ContainsKey(name))
                all.Add(name + "=" + value);
        }

        foreach (var (name, value) in changed)
        {
            if (value is not null)
                all.Add(name + "=" + value);
        }

        return all;
    }

    private void Signal(long number, int signal)
    {
        lock (_gate)
        {
            if (!_byNumber.TryGetValue(number, out var job))
                return;
            _ = Libc.Kill(-job.Process, signal);
            if (signal == Libc.SigKill)
                KillAllOf(job, includeItself: true);
        }
    }

    private void Clean(long number)
    {
        lock (_gate)
        {
            if (_byNumber.TryGetValue(number, out var job))
                KillAllOf(job, includeItself: false);
        }

        Answer(LauncherAnswer.Cleaned, number, null, 0);
    }

    /// <summary>Hears of every child's end, those that forked away among them.</summary>
    private void Reap()
    {
        var seen = 0;
        while (true)
        {
            Libc.ChildInfo info;
            if (Libc.WaitId(0, 0, &info, Libc.WaitExited | Libc.WaitLeave) != 0)
            {
                if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
                    continue;
                lock (_newChild) // there are none: wait for the next one
                {
                    while (seen == _starts)
                        Monitor.Wait(_newChild);
                    seen = _starts;
                }

                continue;
            }

            Job? job;
            int status;
            lock (_gate) // from here on its id may mean another process
            {
                if (_byProcess.Remove(info.Process, out job))
                    _byNumber.Remove(job.Number);
                var started = info.Code == Libc.ChildExited ? null : ProcessTable.Find(info.Process)?.Started; // not known any more once it is reaped
                if (Libc.WaitProcess(info.Process, &status, 0) < 0)
                    continue;
                if (started is not null)
                    RuntimeFiles.Remove(info.Process, started, job is null ? Scratch : job.Scratch);
                if (job is not null && HasLeftSomething(job))
                    KillAllOf(job, includeItself: false);
            }

            if (job is not null)
            {
                var signal = status & 0x7f;
                Answer(
                    LauncherAnswer.Ended,
                    job.Number,
                    (byte)(signal == 0 ? ProcessEndWay.Exited : ProcessEndWay.Signaled),
                    signal == 0 ? (status >> 8) & 0xff : signal);
            }
        }
    }

    /// <summary>Quick, for the many processes that leave nothing: whoever is left is in the group, or has become a child of ours.</summary>
    private bool HasLeftSomething(Job job)
    {
        if (Libc.Kill(-job.Process, 0) == 0)
            return true;
        try
        {
            _children ??= File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{_self}/children"));
            Span<byte> buffer = stackalloc byte[4096];
            var length = RandomAccess.Read(_children, buffer, 0);
            ReadOnlySpan<byte> text = buffer[..length];
            foreach (var range in text.Split((byte)' '))
            {
                if (int.TryParse(text[range], NumberStyles.None, CultureInfo.InvariantCulture, out var child) && !_byProcess.ContainsKey(child))
                    return true;
            }

            return length == buffer.Length;
        }
        catch (IOException)
        {
            return true; // a kernel without that file: look closely
        }
    }

    /// <summary>Kills what descends from a job until nothing of it is left. Under the gate.</summary>
    private void KillAllOf(Job job, bool includeItself)
    {
        const int Rounds = 1000;
        for (var round = 0; round < Rounds; round++)
        {
            var table = ProcessTable.Read();
            var roots = new HashSet<int> { job.Process };
            foreach (var entry in table)
            {
                if (entry.Parent == _self && !_byProcess.ContainsKey(entry.Id) && IsOf(job, entry))
                    roots.Add(entry.Id);
            }

            var victims = ProcessTable.Descendants(table, roots);
            victims.UnionWith(table.Where(e => e.Session == job.Process).Select(e => e.Id));
            victims.UnionWith(roots);
            if (!includeItself || !_byProcess.ContainsKey(job.Process))
                victims.Remove(job.Process);
            var living = table.Where(e => !e.IsZombie && victims.Contains(e.Id)).ToArray();
            if (living.Length == 0)
                return;
            foreach (var entry in living)
                _ = Libc.Kill(entry.Id, Libc.SigKill);
            if (round > 0)
                _ = Libc.Poll(null, 0, 1); // those that were killed need a moment to be gone
        }
    }

    /// <summary>Whose a process is that forked away and lost its parent.</summary>
    private bool IsOf(Job job, ProcessEntry orphan)
    {
        if (orphan.Session == job.Process)
            return true;
        if (_mark.NumberOf(orphan.Id) is { } number)
            return number == job.Number;
        // It left its session and cleared its environment. It is nobody else's if nobody else was there when it started.
        return !_byProcess.Values.Any(other => other != job && (other.Process == orphan.Session || other.Started <= orphan.Started));
    }

    private void KillEverything()
    {
        const int Rounds = 10_000;
        for (var round = 0; round < Rounds; round++)
        {
            var table = ProcessTable.Read();
            var all = ProcessTable.Descendants(table, new HashSet<int> { _self });
            var living = table.Where(e => !e.IsZombie && all.Contains(e.Id)).ToArray();
            if (living.Length == 0)
                return;
            foreach (var entry in living)
                _ = Libc.Kill(entry.Id, Libc.SigKill);
            if (round > 0)
                _ = Libc.Poll(null, 0, 1);
        }
    }

    /// <summary>The orchestrator is gone: what was killed leaves files, it itself too, and this process, which ends without a word.</summary>
    private void Tidy()
    {
        lock (_gate)
        {
            foreach (var job in _byProcess.Values)
            {
                if (ProcessTable.Find(job.Process) is { } entry)
                    RuntimeFiles.Remove(entry.Id, entry.Started, job.Scratch);
            }
        }

        if (_mark.Owner is var (owner, began) && !(ProcessTable.Find(owner) is { IsZombie: false } living && living.Started == began))
            RuntimeFiles.Remove(owner, began, Scratch);
        if (ProcessTable.Find(_self) is { } self)
            RuntimeFiles.Remove(_self, self.Started, Scratch);
    }

    private string? Scratch => _environment.GetValueOrDefault(RuntimeFiles.FolderVariable);

    private void Answer(LauncherAnswer answer, long number, byte? way, int code)
    {
        lock (_sending)
        {
            _answer.Clear();
            _answer.Begin((byte)answer).Long(number);
            if (way is { } given)
                _answer.Byte(given);
            _answer.Int(code).End();
            _orchestrator.Send(_answer.Written);
        }
    }

    /// <param name="Number">Its number.</param>
    /// <param name="Process">Its id.</param>
    /// <param name="Started">Not after its start, in the system's ticks.</param>
    /// <param name="Scratch">Its temporary folder.</param>
    private sealed record Job(long Number, int Process, long Started, string? Scratch);
}
