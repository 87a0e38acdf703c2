namespace Orchestrator.Execution.Processes;

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
    protected override void Ask() => launcher.Send(LauncherRequest.Signal, number, Libc.SigTerm);

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
