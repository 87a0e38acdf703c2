using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orchestrator.Torch.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch;

/// <summary>
/// What a run needs that uses TorchSharp: its device, its generator, one thread for its tensor work, and the end of everything it made. One
/// per attempt, in the run's DI scope: take it in the trainable's constructor, and do the work in <see cref="RunAsync(Action)"/>.
/// </summary>
/// <remarks>
/// The run's thread has a dispose scope of its own: a tensor that is made on it and kept by nobody lives until the run ends. Open a scope for
/// each step (<see cref="NewStep"/>). <see cref="TorchTrainable"/> does all of this.
/// </remarks>
[Isolation(RunIsolation.Process)]
[Requires<TorchRequirement>]
public sealed partial class TorchRun : IAsyncDisposable
{
    private const int ManyTensors = 10_000;

    private readonly Lock _gate = new();
    private readonly List<(string Name, object Target)> _registered = [];
    private readonly CollectionPause _pause = new();
    private Task? _started;
    private TorchThread? _thread;
    private ProcessGate.Place? _place;
    private DisposeScope? _scope;
    private Generator? _generator;
    private Device? _device;
    private bool _disposed;

    /// <summary>The TorchSharp side of a run; made by the run's DI scope.</summary>
    public TorchRun(RunContext run) => Run = run;

    /// <summary>The run.</summary>
    public RunContext Run { get; }

    /// <summary>
    /// Whether the run draws from <see cref="Generator"/> only, never from TorchSharp's default generator (<c>nn.Dropout</c>, <c>randn</c>
    /// without a generator, modules made outside of <see cref="Build"/>). Such runs may be executed beside each other in one process; any other
    /// has TorchSharp to itself and waits for it. Set it before the first <see cref="RunAsync(Action)"/>. Default: <see langword="false"/>.
    /// </summary>
    public bool SharesProcess
    {
        get;
        set => field = _started is null ? value : throw new InvalidOperationException("The run's tensor work has begun: it cannot be changed any more.");
    }

    /// <summary>The device of the run's slot: <c>cpu</c>, or the GPU it was given.</summary>
    /// <exception cref="InvalidOperationException">The work has not begun.</exception>
    public Device Device => _device ?? throw NotBegun(nameof(Device));

    /// <summary>The run's own generator, on the CPU, seeded by the run's seed; part of its checkpoints.</summary>
    /// <exception cref="InvalidOperationException">The work has not begun.</exception>
    public Generator Generator => _generator ?? throw NotBegun(nameof(Generator));

    /// <summary>Does the work on the run's thread, in the caller's flow. Nothing in it may be awaited; reports are made by <see cref="RunContext.Report"/>.</summary>
    /// <param name="body">The work.</param>
    /// <exception cref="OperationCanceledException">The run ended while it waited for another that has TorchSharp to itself.</exception>
    /// <exception cref="InvalidOperationException">
    /// The one it would have to wait for was given up (it did not end when asked to) and still uses TorchSharp in this process.
    /// </exception>
    public Task RunAsync(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(() =>
        {
            body();
            return true;
        });
    }

    /// <summary>As <see cref="RunAsync(Action)"/>, with a result. A tensor is no good one: it ends with the run.</summary>
    public async Task<T> RunAsync<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Task started;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            started = _started ??= StartAsync();
        }

        await started.ConfigureAwait(false);
        try
        {
            return await _thread!.RunAsync(body).ConfigureAwait(false);
        }
        catch (ExternalException cause) when (IsOutOfMemory(cause.Message))
        {
            throw new InsufficientMemoryException(cause.Message.Split('\n')[0], cause);
        }
        catch (InvalidOperationException cause) when (IsEmptyHandle(cause))
        {
            throw Gone(cause);
        }
    }

    /// <summary>A scope for one step: what is made on the run's thread until it is disposed ends with it.</summary>
    public DisposeScope NewStep()
    {
        CheckThread();
        LetCollect();
        return NewDisposeScope();
    }

    /// <summary>
    /// Makes a module, moves it to <see cref="Device"/> and registers it. Its first weights are drawn from the run's seed and the name, whatever was
    /// drawn before and whoever else uses the process.
    /// </summary>
    /// <param name="name">Its name in checkpoints.</param>
    /// <param name="make">Makes it; what it draws comes from TorchSharp's default generator, which is this run's meanwhile.</param>
    public T Build<T>(string name, Func<T> make)
        where T : nn.Module
    {
        CheckThread();
        ArgumentNullException.ThrowIfNull(make);
        T module;
        lock (TorchProcess.DefaultGenerator)
        {
            Seed(TorchSeed.OfName(Run.Seed, name));
            module = make();
        }

        return Register(name, module.to(Device));
    }

    /// <summary>
    /// Makes a module, an optimizer, a learning rate schedule, a generator or anything else that has a state the run's own (<see cref="RunContext.Register"/>): its state is
    /// part of the checkpoints, no other run can have it or a part of it, and it is disposed on the run's thread when the run ends.
    /// </summary>
    /// <param name="name">Its name in checkpoints.</param>
    /// <param name="target">The object. An optimizer is made after its module has been moved to its device.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ModuleAlreadyRegisteredException">It, or a part of it, belongs to another run.</exception>
    public T Register<T>(string name, T target)
        where T : class
    {
        CheckThread();
        Run.Register(name, target, disposeAtEnd: false);
        _registered.Add((name, target));
        return target;
    }

    /// <summary>Gives an object back: it is no part of further checkpoints, may be registered in another run, and is not disposed.</summary>
    /// <returns>Whether there was one of that name.</returns>
    public bool Unregister(string name)
    {
        CheckThread();
        _registered.RemoveAll(r => r.Name == name);
        return Run.Unregister(name);
    }

    /// <summary>
    /// Seeds <see cref="Generator"/>, and the default ones of processor and GPU where the run has them to itself, by the run's seed and the epoch: an epoch
    /// draws the same whatever came before it, also after a resume.
    /// </summary>
    public void BeginEpoch(long epoch)
    {
        CheckThread();
        LetCollect();
        var seed = TorchSeed.OfEpoch(Run.Seed, epoch);
        Generator.manual_seed(seed);
        if (!SharesProcess)
            Seed(seed);
    }

    /// <summary>Saves everything registered, see <see cref="RunCheckpoints.Save"/>.</summary>
    public void Save(long step)
    {
        CheckThread();
        LetCollect();
        Run.Checkpoints.Save(step);
    }

    /// <summary>Puts everything registered back to the newest checkpoint, see <see cref="RunCheckpoints.Restore"/>.</summary>
    /// <returns>The step after which it was saved; 0: there is none.</returns>
    public long Restore()
    {
        CheckThread();
        return Run.Checkpoints.Restore();
    }

    /// <summary>Ends everything the run made with TorchSharp, on its thread, and says what was left over.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? started;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            started = _started;
        }

        if (started is not null)
            await started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_thread is { } thread)
        {
            await thread.RunAsync(End).ConfigureAwait(false);
            await thread.EndAsync().ConfigureAwait(false);
        }

        _place?.Dispose();
    }

    private async Task StartAsync()
    {
        var alone = !SharesProcess;
        if (ProcessGate.OfProcess.MustWait(alone))
            LogWaits(Run.Logger);
        using (Run.HoldTimeout()) // it is another's time that passes
            _place = await ProcessGate.OfProcess.EnterAsync(Run.Id, alone, Run.CancellationToken).ConfigureAwait(false);
        Run.WhenEnded(_place.GiveUp); // before it was given back
        _thread = new TorchThread($"torch {Run.Id}");
        await _thread.RunAsync(Begin).ConfigureAwait(false);
    }

    private bool Begin()
    {
        TorchProcess.Prepare();
        LetCollect();
        _device = TorchDevice.Of(Run);
        _scope = NewDisposeScope();
        _generator = new Generator((ulong)Run.Seed);
        if (!SharesProcess)
            Seed(Run.Seed);
        Run.Register(TorchRandom.Name, new TorchRandom(_generator, withDefault: !SharesProcess), disposeAtEnd: false);
        return true;
    }

    private bool End()
    {
        for (var i = _registered.Count - 1; i >= 0; i--)
        {
            try
            {
                (_registered[i].Target as IDisposable)?.Dispose();
            }
            catch (Exception cause)
            {
                LogNotDisposed(Run.Logger, _registered[i].Name, cause);
            }
        }

        _registered.Clear();
        if (_scope is { } scope)
        {
            if (scope.DisposablesCount > ManyTensors)
                LogHeld(Run.Logger, scope.DisposablesCount);
            scope.Dispose();
        }

        _generator?.Dispose();
        _pause.End();
        var left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - _shared; // of this thread, which began with the run
        if (left > 0)
            LogLeft(Run.Logger, left);
        return true;
    }

    /// <summary>Collections that are due are made here, where no native call is under way, and put off until the next such place.</summary>
    private void LetCollect()
    {
        if (!SharesProcess)
            _pause.Renew();
    }

    private static bool IsOutOfMemory(string message) =>
        message.Contains("can't allocate memory", StringComparison.Ordinal) || message.Contains("out of memory", StringComparison.Ordinal);

    private static void Seed(long seed)
    {
        using var generator = random.manual_seed(seed);
    }

    private void CheckThread()
    {
        if (_thread?.IsCurrent != true)
            throw new InvalidOperationException(
                "Tensor work of a run belongs on the run's own thread: do it within TorchRun.RunAsync, and await nothing there (dispose scopes and no_grad do not survive it).");
    }

    private static InvalidOperationException NotBegun(string what) =>
        new($"{what} is known once the run's tensor work has begun: ask for it within TorchRun.RunAsync.");

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Waits for another run of this process that uses TorchSharp: they would draw from the same generator. 'isolation: process' runs them side by side.")]
    private static partial void LogWaits(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disposal of '{Name}' at the run's end failed.")]
    private static partial void LogNotDisposed(ILogger logger, string name, Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Count} tensors were held until the run's end. Open a scope for each step: using var step = torch.NewStep();")]
    private static partial void LogHeld(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Count} tensors of the run are still alive after its end: a module or optimizer was not registered, or a tensor was detached from its scope and not disposed.")]
    private static partial void LogLeft(ILogger logger, long count);
}
