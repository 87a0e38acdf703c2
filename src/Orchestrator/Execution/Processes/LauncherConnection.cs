using System.Collections;

namespace Orchestrator.Execution.Processes;

/// <summary>One launcher, spoken to over a socket, and the processes that it started.</summary>
internal sealed class LauncherConnection
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, LaunchedProcess> _processes = [];
    private readonly WireWriter _writer = new();
    private readonly WireStream _stream;
    private readonly ProcessMark _mark;
    private readonly LauncherGuard _guard;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;
    private bool _hasAnswered;
    private bool _isClosed;
    private volatile bool _isLost;

    private LauncherConnection(WireStream stream, int id, ProcessMark mark, LauncherGuard guard)
    {
        (_stream, Id, _mark, _guard) = (stream, id, mark, guard);
        Adopted = new AdoptedProcesses(id, mark);
    }

    public int Id { get; }

    /// <summary>Whose its children are.</summary>
    public AdoptedProcesses Adopted { get; }

    public bool IsLost => _isLost;

    /// <summary>Whether a process that it started ended, or was seen to work, while it was there.</summary>
    public bool WasOfUse { get; private set; }

    /// <summary>Notes that a process of it works.</summary>
    public void IsOfUse() => WasOfUse = true;

    /// <summary>Ends once it is lost and nothing that it started is left.</summary>
    public Task Lost => _lost.Task;

    /// <summary>How the processes ended that it had left when it was lost; known once it is <see cref="Lost"/>.</summary>
    public ProcessEnd? End { get; private set; }

    public static LauncherConnection Open()
    {
        if (!Libc.IsHere || !SelfProgram.CanStart || SelfProgram.Command(SelfProgram.Launcher) is not { } command)
            throw new ProcessLauncherException("This program cannot start processes for runs: see docs/isolation.md.");
        var (ours, theirs) = Descriptor.SocketPair();
        using (theirs)
        using (var nothing = Descriptor.Nothing())
        using (var error = new Descriptor(Libc.Control(2, 1030, 3)))
        {
            var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
            // It does next to nothing: no second thread for collections, no second compilation of what runs once.
            var own = new Dictionary<string, string>(environment, StringComparer.Ordinal)
            {
                ["DOTNET_gcConcurrent"] = "0",
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_TieredPGO"] = "0",
            };
            var mark = ProcessMark.New();
            var guard = LauncherGuard.Start(mark);
            // Descriptor 4 is the launcher's to hold, no more.
            var failed = NativeSpawn.Start(
                command, [.. own.Select(e => e.Key + "=" + e.Value)], null, [nothing.Number, nothing.Number, error.IsInvalid ? nothing.Number : error.Number, theirs.Number, guard.Held.Number], out var id);
            if (failed != 0)
            {
                guard.Dispose();
                throw new ProcessLauncherException($"'{command[0]}' cannot be started: error {failed} of the system.");
            }

            var connection = new LauncherConnection(new WireStream(ours), id, mark, guard);
            connection.Greet(environment);
            new Thread(connection.Listen) { IsBackground = true, Name = "launcher" }.UnsafeStart();
            return connection;
        }
    }

    /// <returns><see langword="null"/>: the launcher is lost.</returns>
    public LaunchedProcess? TryStart(ProcessStart start)
    {
        lock (_gate)
        {
            if (_isLost)
                return null;
            var process = new LaunchedProcess(this, ++_last, start.IsWorker);
            _writer.Clear();
            _writer.Begin((byte)LauncherRequest.Start).Long(process.Number).Maybe(start.Folder).Int(start.Command.Count);
            foreach (var argument in start.Command)
                _writer.Text(argument);
            _writer.Int(start.Environment.Count);
            foreach (var (name, value) in start.Environment)
                _writer.Text(name).Maybe(value);
            _writer.Int(start.Descriptors.Count).End();
            _processes.Add(process.Number, process);
            if (_stream.Send(_writer.Written, [.. start.Descriptors.Select(d => d.Number)]))
                return process;
            _processes.Remove(process.Number);
            return null;
        }
    }

    public void Send(LauncherRequest request, long number, int? signal)
    {
        lock (_gate)
        {
            if (_isLost)
                return;
            _writer.Clear();
            _writer.Begin((byte)request).Long(number);
            if (signal is { } given)
                _writer.Int(given);
            _writer.End();
            _stream.Send(_writer.Written);
        }
    }

    /// <summary>Lets it end, with everything that it started.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (!_isLost)
            {
                _writer.Clear();
                _writer.Begin((byte)LauncherRequest.Farewell).Long(0).End();
                _stream.Send(_writer.Written);
                _stream.Shutdown();
            }
        }

        Lost.Wait(TimeSpan.FromSeconds(10));
    }

    private void Greet(Dictionary<string, string> environment)
    {
        _writer.Begin((byte)LauncherRequest.Hello).Text(_mark.Prefix).Int(environment.Count);
        foreach (var (name, value) in environment)
            _writer.Text(name).Text(value);
        _writer.End();
        _stream.Send(_writer.Written);
    }

    private void Listen()
    {
        try
        {
            do
            {
                while (_stream.TryTake(out var type, out var payload))
                    Hear((LauncherAnswer)type, new WireReader(payload));
            }
            while (_stream.Receive());
        }
        catch (InvalidDataException)
        {
            // no launcher of ours speaks like this: as good as lost
        }

        Finish();
    }

    private void Hear(LauncherAnswer answer, WireReader message)
    {
        var number = message.Long();
        _hasAnswered = true;
        LaunchedProcess? process;
        lock (_gate)
        {
            if (!_processes.TryGetValue(number, out process))
                return;
            if (answer == LauncherAnswer.Ended)
                _processes.Remove(number);
        }

        switch (answer)
        {
            case LauncherAnswer.Started: process.Begin(message.Int()); break;
            case LauncherAnswer.Ended:
                IsOfUse();
                process.Finish(new ProcessEnd((ProcessEndWay)message.Byte(), message.Int()));
                break;
            case LauncherAnswer.Cleaned: process.Cleaned(); break;
        }
    }

    private unsafe void Finish()
    {
        LaunchedProcess[] left;
        bool isClosed;
        lock (_gate)
        {
            _isLost = true;
            isClosed = _isClosed;
            left = [.. _processes.Values];
            _processes.Clear();
        }

        var scratch = Environment.GetEnvironmentVariable(RuntimeFiles.FolderVariable);
        var started = ProcessTable.Find(Id)?.Started;
        var status = Libc.SigKill;
        _ = Libc.Kill(Id, Libc.SigKill); // it stopped talking; still our unreaped child, so the id is its own
        while (Libc.WaitProcess(Id, &status, 0) < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted)
        {
        }

        // Before anybody hears that they ended: a run must not begin anew while its old process goes on.
        if (left.Length > 0)
            _mark.KillAll();
        if (started is not null)
            RuntimeFiles.Remove(Id, started, scratch);
        foreach (var process in left)
            process.RemoveRuntimeFiles(scratch);
        _guard.Dispose();
        // Whoever kills it means to; a program that fails in it always will.
        var signal = status & 0x7f;
        var end = isClosed || _hasAnswered || signal == Libc.SigKill
            ? new ProcessEnd(ProcessEndWay.LauncherLost, 0)
            : new ProcessEnd(ProcessEndWay.LauncherFailed, signal == 0 ? (status >> 8) & 0xff : -signal);
        End = end;
        foreach (var process in left)
            process.Finish(end);
        lock (_gate)
            _stream.Dispose();
        _lost.SetResult();
    }
}
