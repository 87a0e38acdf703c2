using Orchestrator.Sweeps;

namespace Orchestrator;

/// <summary>What came of a sweep. Everything in it is in the store already.</summary>
public sealed class SweepResult
{
    private readonly Func<CancellationToken, IAsyncEnumerable<RunRecord>> _read;

    internal SweepResult(SweepRecord sweep, SweepEnd end, Func<CancellationToken, IAsyncEnumerable<RunRecord>> read) =>
        (Sweep, EndKind, EndReason, Error, _read) = (sweep, end.Kind, end.Reason, end.Error, read);

    /// <summary>The sweep as stored.</summary>
    public SweepRecord Sweep { get; }

    /// <summary>The sweep's id, by which it is resumed.</summary>
    public string Id => Sweep.Id;

    /// <summary>The sweep's state.</summary>
    public SweepState State => Sweep.State;

    /// <summary>How many runs are in which state.</summary>
    public RunCounts Counts => Sweep.Counts;

    /// <summary>The best completed run; <see langword="null"/> if none completed.</summary>
    public RunRecord? Best => Sweep.Best;

    /// <summary>What ended it.</summary>
    public SweepEndKind EndKind { get; }

    /// <summary>The same in one sentence.</summary>
    public string EndReason { get; }

    /// <summary>What could not go on; <see langword="null"/> unless <see cref="EndKind"/> is <see cref="SweepEndKind.Fault"/>.</summary>
    public Exception? Error { get; }

    /// <summary>The runs by number, read from the store while they are enumerated: a sweep may have millions.</summary>
    public IAsyncEnumerable<RunRecord> ReadRunsAsync(CancellationToken cancellationToken = default) => _read(cancellationToken);
}
