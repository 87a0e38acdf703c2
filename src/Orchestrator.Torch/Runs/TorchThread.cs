using System.Collections.Concurrent;

namespace Orchestrator.Torch.Runs;

/// <summary>
/// One thread for all tensor work of a run. Dispose scopes, <c>no_grad</c> and <c>inference_mode</c> belong to a thread: work that moved to
/// another, as after an <c>await</c>, would leave them behind for whoever comes next.
/// </summary>
internal sealed class TorchThread
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    public TorchThread(string name)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.UnsafeStart(); // each piece of work brings its own flow along
    }

    /// <summary>Whether the caller is on it.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    /// <summary>Has it done, in the caller's flow; at once if the caller is on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> body)
    {
        if (IsCurrent)
            return Task.FromResult(body());
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flow = ExecutionContext.Capture();
        _work.Add(() =>
        {
            if (flow is null)
                Do();
            else
                ExecutionContext.Run(flow, static act => ((Action)act!)(), (Action)Do);
        });
        return done.Task;

        void Do()
        {
            try
            {
                done.SetResult(body());
            }
            catch (OperationCanceledException cause)
            {
                done.SetException(cause); // as a fault: which token it was must not be lost
            }
            catch (Exception cause)
            {
                done.SetException(cause);
            }
        }
    }

    /// <summary>Takes no more work, and ends once what it has is done.</summary>
    public Task EndAsync()
    {
        _work.CompleteAdding();
        return _ended.Task;
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
        _work.Dispose();
        _ended.SetResult();
    }
}
