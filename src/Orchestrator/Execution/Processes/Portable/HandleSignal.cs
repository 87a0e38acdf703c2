namespace Orchestrator.Execution.Processes.Portable;

/// <summary>A signal between threads, on any system.</summary>
internal sealed class HandleSignal : ISignal
{
    private readonly ManualResetEvent _handle = new(initialState: false);

    /// <inheritdoc/>
    public WaitHandle? Handle => _handle;

    /// <inheritdoc/>
    public void Set() => _handle.Set();

    public void Dispose() => _handle.Dispose();
}
