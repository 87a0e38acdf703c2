using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>A worker's process cannot be had: the program itself fails in it.</summary>
internal sealed class WorkerStartException(string message) : Exception(message);

/// <summary>
/// A worker's process, seen from the orchestrator. One thread at a time executes a run in it, and does all the reading: what the run
/// reports and what it prints.
/// </summary>
internal sealed class ProcessWorker : IDisposable
{
    /// <summary>A process whose channel is closed is heard to end within this many milliseconds, or killed.</summary>
    private const int EndsWithin = 5_000;

    private readonly IProcessHost _host;
    private readonly TimeProvider _time;
    private readonly RunProcess _process;
    private readonly MessageStream _channel;
    private readonly IControlLine _control;
    private readonly OutputLines _output;
    private readonly WireWriter _writer = new();
    private readonly NamePool _names = new();
    private (string Name, double Value)[] _metrics = [];
    private bool _isReady;
    private bool _isBroken;
    private int _number;

    private ProcessWorker(IProcessHost host, StartedWorker started, string key, TimeProvider time)
    {
        (_host, _process, _channel, _control, _time, Key) = (host, started.Process, started.Channel, started.Control, time, key);
        _output = new OutputLines(started.Output);
    }

    /// <summary>What a run must want in order to be executed here: the environment that the process was started with.</summary>
    public string Key { get; }

    /// <summary>Runs that it was given.</summary>
    public int Runs => _number;

    /// <summary>Runs that failed in it by what they threw, since one last did not.</summary>
    public int FailedInRow { get; set; }

    /// <summary>Since when nobody has used it; the pool's own.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether another run may be given to it.</summary>
    public bool IsUsable => !_isBroken && _process.End is null;

    /// <exception cref="ProcessLauncherException">No process can be started.</exception>
    public static ProcessWorker Start(IProcessHost host, IReadOnlyDictionary<string, string?> environment, string key, TimeProvider time) =>
        new(host, host.StartWorker(environment), key, time);

    /// <summary>Waits until it can take a run.</summary>
    /// <param name="attempt">For whom; its log gets what the process prints, its token ends the waiting.</param>
    /// <param name="end">How it ended instead, if it did.</param>
    /// <returns>Whether it can; <see langword="false"/> without an end: the attempt was asked to end meanwhile.</returns>
    public bool TryMakeReady(RunAttempt attempt, out ProcessEnd? end)
    {
        end = null;
        if (_isReady)
            return true;
        var log = new LoggedLines(attempt.Log.Write);
        using var asked = _host.NewSignal();
        using var registration = attempt.CancellationToken.UnsafeRegister(static e => ((ISignal)e!).Set(), asked);
        while (true)
        {
            while (_channel.TryTake(out var type, out var payload))
            {
                if (type == (byte)WorkerAnswer.Ready && new WireReader(payload).Int() == WorkerMessages.Version)
                {
                    _process.HasBegun();
                    return _isReady = true;
                }

                throw new WorkerStartException("The worker's process is of another version: the program was replaced while it ran. Start it again.");
            }

            var ready = Waiting.ForAny([_channel.Source, _output.Pipe, _process.Ended, asked]);
            if ((ready & 2) != 0)
                _output.Read(log.Take);
            if ((ready & 1) != 0 && _channel.Receive())
                continue;
            if ((ready & 4) != 0)
            {
                _output.Drain(log.Take);
                log.End();
                end = _process.End;
                return false;
            }

            if ((ready & 8) != 0)
                return false;
            if ((ready & 1) != 0)
            {
                _isBroken = true;
                if (Waiting.ForAny([_process.Ended], EndsWithin) == 0)
                    _process.Kill(); // it closed its channel without ending
                Waiting.ForAny([_process.Ended]);
            }
        }
    }

    /// <summary>Executes a run. Not ready: an error of the caller's.</summary>
    /// <returns>How the run ended; and how the process ended instead, if it did.</returns>
    public (RunEnding Ending, ProcessEnd? End) Execute(RunAttempt attempt, string device, TrainableReference trainable, string? sweepFile)
    {
        _output.Drain(static _ => { }); // what was printed between two runs is nobody's
        var number = ++_number;
        _writer.Clear();
        var info = attempt.Info.Device == device ? attempt.Info : attempt.Info with { Device = device };
        WorkerMessages.WriteRun(_writer, number, info, trainable, sweepFile);
        _channel.Send(_writer.Written); // if nobody is there to read it, that is seen below
        using var registration = attempt.CancellationToken.UnsafeRegister(_ => Cancel(number, attempt.CancellationReason), null);
        var log = new LoggedLines(text => attempt.Log.Write(text));
        Action<ReadOnlySpan<byte>> print = log.Take;
        var channel = (IWaitSource?)_channel.Source;
        var (closed, hadToBeKilled) = (0L, false);
        while (true)
        {
            if (TryHear(attempt, number, out var ending))
            {
                _output.Drain(print);
                log.End();
                return (ending, null);
            }

            // Whatever it prints meanwhile: a closed channel is its end, or is made to be.
            var patience = channel is not null || hadToBeKilled ? -1 : Math.Max(0, EndsWithin - (int)_time.GetElapsedTime(closed).TotalMilliseconds);
            var ready = Waiting.ForAny([channel, _output.Pipe, _process.Ended], patience);
            if ((ready & 2) != 0)
                _output.Read(print);
            if ((ready & 1) != 0)
            {
                if (_channel.ReceiveNow() != 0)
                    continue;
                channel = null;
                closed = _time.GetTimestamp();
                _isBroken = true;
                continue; // it is ending: how, is to be heard
            }

            if ((ready & 4) == 0)
            {
                if (patience != 0)
                    continue;
                hadToBeKilled = true;
                _process.Kill(); // of no use any more
                continue;
            }

            while (channel is not null && _channel.ReceiveNow() > 0)
            {
            }

            if (TryHear(attempt, number, out ending))
            {
                _output.Drain(print);
                log.End();
                return (ending, null);
            }

            _output.Drain(print);
            log.End();
            return hadToBeKilled && _process.End is { Way: ProcessEndWay.Signaled, Code: Libc.SigKill } && _process.KilledAtMemory is null
                ? (new RunEnding(ClosedItsChannel), null)
                : (default, _process.End);
        }
    }

    private static RunFailure ClosedItsChannel => FailureCapture.FromRule(
        FailureKind.Signal, "The run's process closed its channel to the orchestrator and went on without it. It was killed.", signal: Libc.SigKill);

    /// <summary>Its process.</summary>
    public RunProcess Process => _process;

    /// <summary>Whether the orchestrator killed it because its run did not end.</summary>
    public bool WasKilled => _process.WasKilled;

    public void Kill() => _process.Kill();

    /// <summary>Lets it end by itself; whoever does not is killed by <paramref name="patience"/>'s end.</summary>
    public void Retire(TimeProvider time, TimeSpan patience)
    {
        _isBroken = true;
        _control.Dispose();
        if (_process.End is null)
        {
            var timer = time.CreateTimer(static worker => ((ProcessWorker)worker!).Kill(), this, patience, Timeout.InfiniteTimeSpan);
            _process.WhenEnded(() =>
            {
                timer.Dispose();
                Dispose();
            });
            return;
        }

        Dispose();
    }

    public void Dispose()
    {
        _control.Dispose();
        _channel.Dispose();
        _output.Dispose();
        _process.Dispose();
    }

    private void Cancel(int number, CancellationReason reason)
    {
        Span<byte> message = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(message, number);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(message[4..], (int)reason);
        try
        {
            _control.Write(message);
        }
        catch (ObjectDisposedException)
        {
            // it ended meanwhile
        }
    }

    /// <summary>Handles what was received; true once the run has ended.</summary>
    private bool TryHear(RunAttempt attempt, int number, out RunEnding ending)
    {
        ending = default;
        try
        {
            while (_channel.TryTake(out var type, out var payload))
            {
                var message = new WireReader(payload);
                switch ((WorkerAnswer)type)
                {
                    case WorkerAnswer.Report: Report(attempt, ref message); break;
                    case WorkerAnswer.Note: Wait(attempt.Note(WorkerMessages.ReadNote(ref message))); break;
                    case WorkerAnswer.Log: attempt.Log.Write(message.Text()); break;
                    case WorkerAnswer.Ended:
                        if (message.Int() != number)
                            break;
                        var startedProcesses = message.Byte() == 1;
                        ending = WorkerMessages.ReadEnding(ref message);
                        _output.ExpectMark();
                        if (startedProcesses)
                            _process.Clean();
                        return true;
                }
            }
        }
        catch (Exception cause) when (cause is InvalidDataException or ArgumentException or (InvalidOperationException and not ObjectDisposedException))
        {
            // The run's code has written to the channel, or over the process's memory.
            _isBroken = true;
            _process.Kill();
            ending = new RunEnding(FailureCapture.FromRule(
                FailureKind.Signal, "The run's process sent what is no message: its memory or its descriptors were overwritten. It was killed."));
            Waiting.ForAny([_process.Ended]);
            return true;
        }

        return false;
    }

    private void Report(RunAttempt attempt, ref WireReader message)
    {
        var step = message.Long();
        var count = message.Count();
        if (_metrics.Length < count)
            _metrics = new (string, double)[count];
        for (var i = 0; i < count; i++)
            _metrics[i] = (_names.Get(message.Bytes()), message.Double());
        Wait(attempt.Report(step, _metrics.AsSpan(0, count)));
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
            task.AsTask().GetAwaiter().GetResult();
    }
}
