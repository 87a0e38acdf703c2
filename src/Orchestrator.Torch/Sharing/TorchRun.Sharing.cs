using Orchestrator.Torch.Sharing;
using TorchSharp;

namespace Orchestrator.Torch;

public sealed partial class TorchRun
{
    private long _shared;

    /// <summary>
    /// What all runs of this process use and none changes, a data set for one: made by the first that asks, and kept until the process ends. What a run makes
    /// otherwise ends with it, also where a static field or a singleton holds it.
    /// </summary>
    /// <param name="name">Its name. Name the device and whatever parameters it depends on, too: the next run gets what the first one made.</param>
    /// <param name="make">Makes it. Every tensor that it leaves undisposed is kept.</param>
    /// <returns>The shared object. A run that changes it changes it for all that follow.</returns>
    public T Share<T>(string name, Func<T> make)
        where T : class
    {
        CheckThread();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(make);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var shared = SharedObjects.OfProcess.Get(name, make);
        _shared += DisposeScopeManager.Statistics.ThreadTotalLiveCount - before; // outlives the run on purpose
        return shared;
    }

    /// <summary>The exception that says why a tensor is no longer there, and what to do, in place of TorchSharp's.</summary>
    private static InvalidOperationException Gone(InvalidOperationException cause) => new(
        $"A tensor was used that is no longer there ({cause.Message.TrimEnd('.')}). What a run makes or registers ends with it, also where a static field, a captured variable or a singleton "
        + "holds it: make it anew in each run, or let all runs share it by TorchRun.Share.",
        cause);

    private static bool IsEmptyHandle(InvalidOperationException cause) => cause.Message.Contains("empty handle", StringComparison.Ordinal);
}
