using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Experiments;

namespace Orchestrator;

/// <summary>
/// A run that a person holds: everything that code inside a sweep's run can do, and its end. Say how it ended by <see cref="Complete"/>,
/// <see cref="Fail"/>, <see cref="Cancel"/> or <see cref="Prune"/> and dispose it, or do both at once by <see cref="StopAsync"/>.
/// Disposed without a word, it has failed.
/// </summary>
public sealed partial class ExperimentRun : RunContext, IAsyncDisposable
{
    private readonly Experiment _experiment;
    private readonly HeldRuns _runs;
    private readonly RunAttempt _attempt;
    private readonly AmbientRun.Holder _holder;
    private bool _watched;
    private readonly Lock _ending = new();
    private readonly CancellationTokenRegistration _cancellation;
    private Exception? _seen;
    private Func<Verdict>? _said;
    private Task? _ended;

    internal ExperimentRun(Experiment experiment, HeldRuns runs, RunAttempt attempt, AmbientRun.Holder holder, object? configuration, bool watched, CancellationToken cancellationToken)
        : base(attempt)
    {
        (_experiment, _runs, _attempt, _holder, _watched) = (experiment, runs, attempt, holder, watched);
        Configuration = configuration;
        if (watched)
            ExceptionWatch.Begin();
        _cancellation = cancellationToken.UnsafeRegister(static state => ((RunAttempt)state!).Cancel(CancellationReason.Canceled), attempt);
        holder.Run = this;
        holder.Reserved = false;
    }

    internal Experiment Experiment => _experiment;

    /// <summary>Whether its end was recorded.</summary>
    public bool HasEnded => _attempt.HasEnded;

    /// <summary>Says that it went well. What it reports until it is disposed is kept.</summary>
    public void Complete() => Say(() => HeldRunVerdict.Of(_attempt, null));

    /// <summary>Says that it failed, and why.</summary>
    public void Fail(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Say(() => HeldRunVerdict.Of(_attempt, failure));
    }

    /// <summary>Says that it was given up from outside, which is no failure.</summary>
    public void Cancel() => Say(static () => Verdict.Canceled);

    /// <summary>Says that it gave itself up, which is no failure; it keeps its last values.</summary>
    public void Prune() => Say(() => Verdict.Pruned(_attempt));

    /// <summary>
    /// Ends the run as was said, or as completed, and waits until that is recorded. A second call is a warning and changes nothing.
    /// </summary>
    /// <returns>The run as it is recorded.</returns>
    /// <exception cref="StoreException">The store cannot write any more.</exception>
    public async Task<RunRecord> StopAsync()
    {
        Say(() => HeldRunVerdict.Of(_attempt, null), quietly: true);
        await EndAsync().ConfigureAwait(false);
        return await RecordAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the run as was said, and waits until that is recorded; as failed if nothing was.</summary>
    /// <exception cref="StoreException">The store cannot write any more.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_ended is { } already)
        {
            await already.ConfigureAwait(false);
            return;
        }

        Say(() => HeldRunVerdict.Left(_attempt, Volatile.Read(ref _seen)), quietly: true);
        await EndAsync().ConfigureAwait(false);
    }

    internal override void WatchExceptions()
    {
        lock (_ending)
        {
            if (_watched || _ended is not null)
                return;
            _watched = true;
            ExceptionWatch.Begin();
        }
    }

    internal override Exception? OnItsWayOut => Volatile.Read(ref _seen);

    internal void Saw(Exception thrown) => Volatile.Write(ref _seen, thrown);

    /// <summary>The experiment is disposed, and the run was not stopped.</summary>
    internal Task ForgottenAsync()
    {
        Say(static () => Verdict.Failed(FailureCapture.FromRule(
            FailureKind.WorkerLost, "The run was never stopped: its experiment was disposed while it was held.")), quietly: true);
        return EndAsync();
    }

    internal Task EndAsync(Exception? thrown)
    {
        Say(() => HeldRunVerdict.Of(_attempt, thrown), quietly: true);
        return EndAsync();
    }

    internal async Task<RunRecord> RecordAsync()
    {
        var store = await _runs.StoreAsync().ConfigureAwait(false);
        return await store.FindRunAsync(Id).ConfigureAwait(false) ?? throw new InvalidOperationException($"Run {Id} was removed while it was held.");
    }

    private protected override void Said() => Volatile.Write(ref _seen, null);

    /// <summary>The first word counts.</summary>
    private void Say(Func<Verdict> verdict, bool quietly = false)
    {
        if (Interlocked.CompareExchange(ref _said, verdict, null) is not null && !quietly)
            SaidAlready(_runs.Logger, Id);
    }

    private Task EndAsync()
    {
        lock (_ending)
        {
            if (_ended is not null)
                StoppedAlready(_runs.Logger, Id);
            return _ended ??= EndNowAsync();
        }
    }

    private async Task EndNowAsync()
    {
        _holder.Free();
        if (_watched)
            ExceptionWatch.End();
        await _cancellation.DisposeAsync().ConfigureAwait(false);
        await ReleaseAsync().ConfigureAwait(false);
        try
        {
            await _runs.EndAsync(_attempt, _said!()).ConfigureAwait(false);
        }
        finally
        {
            _experiment.Ended(this);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {Run} is stopped already. Its record stands.")]
    private static partial void StoppedAlready(ILogger logger, string run);

    [LoggerMessage(2, LogLevel.Warning, "How run {Run} ends was said already. The first word counts.")]
    private static partial void SaidAlready(ILogger logger, string run);
}

/// <summary>What a run held by hand came to.</summary>
internal static class HeldRunVerdict
{
    /// <summary>The code has ended. It need not report the experiment's metric, and may have canceled itself.</summary>
    public static Verdict Of(RunAttempt attempt, Exception? thrown) =>
        thrown is OperationCanceledException { InnerException: not TimeoutException } canceled && canceled.CancellationToken.IsCancellationRequested
            ? Verdict.Canceled
            : Verdict.Of(attempt, RunEnding.Of(thrown), mustReport: false);

    /// <summary>The run was disposed without a word.</summary>
    public static Verdict Left(RunAttempt attempt, Exception? seen)
    {
        if (seen is not null)
            return Of(attempt, seen);
        return attempt.CancellationReason != CancellationReason.None
            ? Verdict.Asked(attempt)
            : Verdict.Failed(FailureCapture.FromRule(
                FailureKind.InvalidResult, "The run was left without a word: it says by Complete() that it went well, or by StopAsync() that it is over."));
    }
}
