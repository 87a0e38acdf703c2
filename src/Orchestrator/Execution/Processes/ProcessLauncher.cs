using System.Collections;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Execution.Processes;

/// <summary>A program to start as the process of a run.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Environment">Changes of the environment; <see langword="null"/> as a value takes a variable away.</param>
/// <param name="Folder">The folder it starts in; <see langword="null"/>: this process's when it made its launcher.</param>
/// <param name="Descriptors">What become its descriptors 0, 1, 2 and so on; they stay the caller's.</param>
internal sealed record ProcessStart(
    IReadOnlyList<string> Command, IReadOnlyDictionary<string, string?> Environment, string? Folder, IReadOnlyList<Descriptor> Descriptors)
{
    /// <summary>Whether it is this program once more: that has lines to the orchestrator, besides what any program has.</summary>
    public bool IsWorker => Descriptors.Count > 3;
}

/// <summary>The launcher cannot be started.</summary>
internal sealed class ProcessLauncherException(string message) : Exception(message)
{
    /// <summary>Whatever is started is killed.</summary>
    public static ProcessLauncherException Hopeless() => new(
        $"{ProcessFailures.HopelessStarts} launchers of processes in a row were killed from outside before anything that they had started took a run or ended. "
        + "Find out what kills them: a limit of memory or a policy of this machine. "
        + $"{ProcessWays.Variable}=portable in the environment does without a launcher (docs/isolation.md says what that cannot do).");

    /// <summary>It was started, and ended by itself.</summary>
    public static ProcessLauncherException Of(ProcessEnd end) => new(
        $"The program, started once more as the launcher of processes, ended by itself ({(end.Code < 0 ? ProcessFailures.NameOf(-end.Code) : $"exit code {end.Code}")}) "
        + "before it could start any. What it said is on standard error.");
}

/// <summary>
/// Starts the processes of runs through a launcher (<see cref="LauncherProgram"/>), which is made when first needed and again when it is
/// lost. Safe for concurrent use.
/// </summary>
internal sealed partial class ProcessLauncher(ILogger<ProcessLauncher> logger) : IProcessHost
{
    private static readonly Descriptor Nothing = Descriptor.Nothing();

    private readonly Lock _gate = new();
    private LauncherConnection? _connection;
    private int _lostInRow; // launchers, since one was last of use
    private bool _lookedForLeftOvers;
    private bool _disposed;

    /// <summary>The launcher's own process id; 0: there is none yet.</summary>
    public int Id => _connection?.Id ?? 0;

    /// <inheritdoc/>
    public void Prepare() => Connect();

    /// <inheritdoc/>
    public ISignal NewSignal() => Descriptor.Event();

    /// <inheritdoc/>
    public StartedCommand StartCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        var (output, theirOutput) = Descriptor.Pipe();
        var (error, theirError) = Descriptor.Pipe();
        using (theirOutput)
        using (theirError)
        {
            var process = Start(new ProcessStart(command, environment, folder, [Nothing, theirOutput, theirError]));
            return new StartedCommand(process, output.DoNotWait(), error.DoNotWait());
        }
    }

    /// <inheritdoc/>
    public StartedWorker StartWorker(IReadOnlyDictionary<string, string?> environment)
    {
        var command = SelfProgram.Command(SelfProgram.Worker) ?? throw new ProcessLauncherException("The program's own file cannot be found.");
        var (channel, theirChannel) = Descriptor.SocketPair();
        var (theirControl, control) = Descriptor.Pipe();
        var (output, theirOutput) = Descriptor.Pipe();
        using (theirChannel)
        using (theirControl)
        using (theirOutput)
        {
            var process = Start(new ProcessStart(command, environment, null, [Nothing, theirOutput, theirOutput, theirChannel, theirControl]));
            return new StartedWorker(process, new WireStream(channel), control, output.DoNotWait());
        }
    }

    /// <exception cref="ProcessLauncherException">There is no launcher to be had.</exception>
    private LaunchedProcess Start(ProcessStart start)
    {
        while (true)
        {
            var connection = Connect();
            if (connection.TryStart(start) is { } process)
                return process;
            connection.Lost.Wait(); // it cleans up after itself; then a new one
            if (connection.End is { Way: ProcessEndWay.LauncherFailed } end)
                throw ProcessLauncherException.Of(end); // so would the next one
        }
    }

    /// <summary>Has the launcher made now, so that the first run need not wait for it.</summary>
    public LauncherConnection Connect()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is { IsLost: false } living)
                return living;
            if (!_lookedForLeftOvers)
            {
                _lookedForLeftOvers = true;
                if (ProcessMark.KillLeftOvers() is > 0 and var killed)
                    LogLeftOvers(logger, killed);
            }
            else
            {
                LogLost(logger);
            }

            if (_connection is { } lost)
            {
                _lostInRow = lost.WasOfUse ? 0 : _lostInRow + 1;
                if (_lostInRow == ProcessFailures.HopelessStarts)
                {
                    _lostInRow = 0; // a further sweep may try
                    throw ProcessLauncherException.Hopeless();
                }
            }

            return _connection = LauncherConnection.Open();
        }
    }

    public void Dispose()
    {
        LauncherConnection? connection;
        lock (_gate)
        {
            _disposed = true;
            connection = _connection;
        }

        connection?.Close();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} processes that an orchestrator which is gone had left behind were killed.")]
    private static partial void LogLeftOvers(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The launcher of processes was lost, and with it what it had started; a new one is made.")]
    private static partial void LogLost(ILogger logger);
}

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

/// <summary>A process that a launcher started.</summary>
internal sealed class LaunchedProcess(LauncherConnection launcher, long number, bool isWorker) : RunProcess(Descriptor.Event())
{
    private long? _started;
    private readonly ManualResetEventSlim _cleaned = new();

    /// <summary>Its number at the launcher.</summary>
    public long Number => number;

    /// <inheritdoc/>
    public override long OwnHeldBytes => ProcessTable.Find(Id) is { } entry ? ProcessMemory.HeldBy([entry], enough: 0) : 0;

    /// <inheritdoc/>
    public override long HeldBytes(MemorySnapshot snapshot, long enough) => ProcessMemory.HeldBy(launcher.Adopted.TreeOf(Id, number, snapshot), enough);

    /// <inheritdoc/>
    public override void HasBegun() => launcher.IsOfUse();

    /// <inheritdoc/>
    public override void AskToEnd() => launcher.Send(LauncherRequest.Signal, number, Libc.SigTerm);

    /// <inheritdoc/>
    public override void Clean()
    {
        _cleaned.Reset();
        if (End is not null)
            return;
        launcher.Send(LauncherRequest.Clean, number, null);
        if (launcher.IsLost)
            return;
        _cleaned.Wait();
    }

    public void Begin(int id)
    {
        Id = id;
        if (isWorker)
            _started = ProcessTable.Find(id)?.Started;
    }

    /// <summary>The launcher, which would have done it, is gone.</summary>
    public void RemoveRuntimeFiles(string? folder)
    {
        if (_started is not null)
            RuntimeFiles.Remove(Id, _started, folder);
    }

    public void Cleaned() => _cleaned.Set();

    public void Finish(ProcessEnd end)
    {
        Finished(end);
        _cleaned.Set();
    }

    protected override void KillAll() => launcher.Send(LauncherRequest.Signal, number, Libc.SigKill);
}
