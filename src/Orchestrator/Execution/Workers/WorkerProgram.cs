using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Execution.Processes;
using Orchestrator.Hosting;

namespace Orchestrator.Execution.Workers;

/// <summary>
/// A worker's process: executes the runs it is told to, one at a time, on a thread of its own, each in a DI scope of its own. The main
/// thread hears what is urgent, and ends the process once the orchestrator is gone. Never opens the database, never runs trackers.
/// </summary>
internal sealed class WorkerProgram
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that are kept where memory is limited: to say that it ran out takes memory, too.</summary>
    private const int Reserve = 4 << 20;

    private readonly ServicesOnDemand _registered;
    private readonly TimeProvider _time;
    private readonly WorkerLink _link;
    private readonly WorkerChannel _answers;
    private readonly Dictionary<string, TrainableRunner> _runners = new(StringComparer.Ordinal);
    private readonly NamePool _names = new();
    private readonly Lock _gate = new();
    private readonly Lock _building = new();
    private readonly Surroundings _surroundings = new();
    private readonly bool _isLimited = Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") is { Length: > 0 };
    private ServiceProvider? _services;
    private byte[]? _reserve;
    private WorkerPort? _current;
    private (int Number, CancellationReason Reason) _early;

    private WorkerProgram(ServicesOnDemand registered, WorkerLink link, WorkerChannel answers)
    {
        _registered = registered;
        _link = link;
        _answers = answers;
        if (OrchestratorLogging.HasStaticLog(registered))
            Services.GetRequiredService<ILoggerFactory>(); // a run may write to the static log without asking anybody for a logger
        _time = registered.HasOwn(typeof(TimeProvider)) ? Services.GetRequiredService<TimeProvider>() : TimeProvider.System;
    }

    /// <summary>The container, made once a run takes something from it.</summary>
    private ServiceProvider Services
    {
        get
        {
            lock (_building)
                return _services ??= _registered.BuildServiceProvider();
        }
    }

    /// <summary>Works until the orchestrator closes the control line.</summary>
    public static void Run(Action<IServiceCollection> configure)
    {
        using var link = WorkerLink.Open();
        if (link is null)
            return;
        WorkerPreparation.Begin();
        using var answers = new WorkerChannel(link.Channel, TimeProvider.System);
        var services = new ServicesOnDemand();
        configure(services);
        services.AddOrchestrator();
        var worker = new WorkerProgram(services, link, answers);
        var thread = new Thread(worker.Serve) { IsBackground = true, Name = "run" };
        thread.UnsafeStart();
        worker.HearUrgent();

        // The services are user code, which may hang: then it ends without them.
        _ = Task.Run(async () =>
        {
            await Task.Delay(Farewell).ConfigureAwait(false);
            ProcessWays.ExitNow(0);
        });
        worker._services?.Dispose();
    }

    private void HearUrgent()
    {
        var buffer = new byte[8]; // not on the stack: that would be compiled with all optimizations, at every start
        var have = 0;
        while (_link.ReadControl(buffer.AsSpan(have)) is > 0 and var count)
        {
            have += count;
            if (have < buffer.Length)
                continue;
            have = 0;
            HearCancel(buffer);
        }
    }

    private void HearCancel(ReadOnlySpan<byte> said)
    {
        var message = new WireReader(said);
        var (number, reason) = (message.Int(), (CancellationReason)message.Int());
        WorkerPort? port;
        lock (_gate)
        {
            port = _current;
            if (port is null || port.Number < number)
                _early = (number, reason);
        }

        if (port?.Number == number)
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.port.Cancel(s.reason), (port, reason), preferLocal: false); // user code: it may hang
    }

    private void Serve()
    {
        _answers.Writer.Begin((byte)WorkerAnswer.Ready).Int(WorkerMessages.Version).End();
        _answers.Flush();
        do
        {
            while (_link.Channel.TryTake(out var type, out var payload))
            {
                if (type == (byte)WorkerRequest.Run)
                    Execute(new WireReader(payload));
            }
        }
        while (_link.Channel.Receive());
    }

    private void Execute(WireReader message)
    {
        var number = message.Int();
        var trainable = new TrainableReference(_names.Get(message.Bytes())) { Assembly = message.Maybe() };
        var file = message.Maybe();
        var info = WorkerMessages.ReadRun(ref message, _names);
        using var port = new WorkerPort(info, number, _answers, _time, () => Services.GetRequiredService<ILoggerFactory>().CreateLogger(trainable.Name));
        lock (_gate)
        {
            _current = port;
            if (_early.Number == number)
                port.Cancel(_early.Reason);
        }

        RunEnding ending = default;
        if (_isLimited)
            KeepReserve();
        try
        {
            var runner = RunnerOf(trainable, file);
            var flow = new RunFlow(runner.NeedsServices ? Services : null, runner, port);
            // A context of the run's own: what user code sets while it runs synchronously (async-locals, culture) stays in it.
            ExecutionContext.Run(ExecutionContext.Capture()!, static state => ((RunFlow)state!).Start(), flow);
            flow.Body!.GetAwaiter().GetResult();
        }
        catch (Exception cause)
        {
            UseReserve(cause);
            ending = RunEnding.Of(cause);
        }

        lock (_gate)
            _current = null;
        _surroundings.Restore();
        port.End(ending, _link.RunEnded());
    }

    private void KeepReserve()
    {
        if (_reserve is not null)
            return;
        // The runtime looks up its messages in tables that it makes at the first one, and aborts if there is no memory for them. This is
        // the one that the lack of memory is told by, too: "Exception of type '...' was thrown."
        _ = new InvalidOperationException(null).Message;
        _reserve = GC.AllocateUninitializedArray<byte>(Reserve);
    }

    private void UseReserve(Exception cause)
    {
        if (_reserve is null)
            return;
        _reserve = null;
        // What nobody holds counts until it is given back, and on its own that comes too late.
        if (cause is OutOfMemoryException || cause.InnerException is OutOfMemoryException)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private TrainableRunner RunnerOf(TrainableReference trainable, string? file)
    {
        // Not a tuple: its hash table would be compiled anew in every process.
        var key = $"{trainable.Name}\n{trainable.Assembly}\n{file}";
        if (!_runners.TryGetValue(key, out var runner))
            _runners[key] = runner = _registered.Trainables.Find(trainable, file);
        return runner;
    }
}
