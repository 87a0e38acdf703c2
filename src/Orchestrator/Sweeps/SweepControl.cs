using System.Diagnostics.CodeAnalysis;
using Orchestrator.Sweeps.Steering;

namespace Orchestrator;

/// <summary>How far a sweep is asked to end.</summary>
internal enum StopLevel
{
    None,

    /// <summary>Nothing new is started; runs may end.</summary>
    Drain,

    /// <summary>Runs are asked to end, too; they are recorded as canceled and can be resumed.</summary>
    Cancel,
}

/// <summary>Steers a sweep that is being executed in this process, from any thread.</summary>
public sealed class SweepControl
{
    private readonly Lock _gate = new();
    private readonly Queue<(SteeringRequest Request, TaskCompletionSource<SteeringAnswer?> Answer)> _requests = new();
    private Action? _changed;
    private bool _closed;

    internal StopLevel Level { get; private set; }

    internal string Reason { get; private set; } = "";

    /// <summary>Whether the process ends, and not the sweep: a hosted scheduler takes it up again.</summary>
    internal bool IsShutdown { get; private set; }

    /// <summary>Starts nothing new and lets running runs end.</summary>
    public void Stop(string reason = "stopped on request") => Raise(StopLevel.Drain, reason, shutdown: false);

    /// <summary>Starts nothing new and asks running runs to end; they are recorded as canceled and can be resumed.</summary>
    public void Cancel(string reason = "canceled on request") => Raise(StopLevel.Cancel, reason, shutdown: false);

    /// <summary>The host ends, and not the sweep: a hosted sweep is taken up again when the host starts.</summary>
    internal void Shutdown(StopLevel level = StopLevel.Cancel) => Raise(level, "its host shut down", shutdown: true);

    /// <summary>
    /// Hands a request to the sweep's loop; its answer once it is in force. <see langword="null"/>: the loop has ended and did not hear
    /// it, so the store alone can follow it.
    /// </summary>
    internal Task<SteeringAnswer?> PostAsync(SteeringRequest request)
    {
        var answer = new TaskCompletionSource<SteeringAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed)
                return Task.FromResult<SteeringAnswer?>(null);
            _requests.Enqueue((request, answer));
            _changed?.Invoke();
        }

        return answer.Task;
    }

    internal bool TryTake([NotNullWhen(true)] out SteeringRequest? request, [NotNullWhen(true)] out TaskCompletionSource<SteeringAnswer?>? answer)
    {
        lock (_gate)
        {
            var taken = _requests.TryDequeue(out var next);
            (request, answer) = next;
            return taken;
        }
    }

    internal void Attach(Action changed)
    {
        bool waiting;
        lock (_gate)
        {
            _changed = changed;
            waiting = Level != StopLevel.None || _requests.Count > 0;
        }

        if (waiting)
            changed();
    }

    /// <summary>The sweep's loop has ended: nobody hears requests any more.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _changed = null; // called under the lock only: what it would wake is gone for good
        }

        while (TryTake(out _, out var answer))
            answer.TrySetResult(null);
    }

    private void Raise(StopLevel level, string reason, bool shutdown)
    {
        lock (_gate)
        {
            if (level <= Level)
                return;
            (Level, Reason, IsShutdown) = (level, reason, shutdown);
            _changed?.Invoke();
        }
    }
}
