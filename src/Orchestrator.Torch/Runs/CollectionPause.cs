using System.Runtime;

namespace Orchestrator.Torch.Runs;

/// <summary>
/// Keeps the garbage collector out of native calls. TorchSharp hands numbers to its native library (<c>tensor.add_(1e-8)</c>, every step of Adam) in
/// objects with finalizers that nothing holds while the call is under way: a collection just then, for which another thread need only allocate, frees the
/// number that is being read ("Expected false to be true"; TorchSharp's pull request 1434). In a loop made for it, 50 such calls a step with another thread
/// that allocates 2 MB meanwhile, some 30 of 15,000 steps failed, with this none of 20,000. So collections are put off while the run's thread works, and
/// made between two steps.
/// </summary>
/// <remarks>
/// The limit: what all threads allocate during one step must fit the budget. Where runs share a process the steps of one are not the pauses of another,
/// so they go without.
/// </remarks>
internal sealed class CollectionPause
{
    /// <summary>What may be allocated without one, by all threads; renewed in time. More costs memory for nothing.</summary>
    private const long Budget = 16L << 20;

    /// <summary>The part of it for large objects.</summary>
    private const long Large = 4L << 20;

    private bool _isActive;
    private long _renewAt;

    /// <summary>Called between two steps: collects and begins anew if the budget is nearly used up, or was.</summary>
    public void Renew()
    {
        if (_isActive && GC.GetTotalAllocatedBytes() < _renewAt && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            return;
        End();
        try
        {
            _isActive = GC.TryStartNoGCRegion(Budget, Large);
        }
        catch (Exception cause) when (cause is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return; // somebody else has one, or memory is limited to less: then as without
        }

        _renewAt = GC.GetTotalAllocatedBytes() + ((Budget - Large) / 4 * 3);
    }

    /// <summary>Collections are made as always.</summary>
    public void End()
    {
        if (!_isActive)
            return;
        _isActive = false;
        try
        {
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
                GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // The budget was used up meanwhile, and the pause over.
        }
    }
}
