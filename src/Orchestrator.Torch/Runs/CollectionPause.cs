using System.Globalization;
using System.Runtime;

namespace Orchestrator.Torch.Runs;

/// <summary>
/// Keeps the garbage collector out of native calls. TorchSharp hands numbers to its native library (<c>tensor.add_(1e-8)</c>) in objects with finalizers that
/// nothing holds while the call is under way: a collection just then, for which another thread need only allocate, frees the number that is being read
/// ("Expected false to be true"; TorchSharp's pull request 1434, still so in 0.107). So collections are made between two steps.
/// </summary>
/// <remarks>
/// Where the collector does not come by itself for a while (<see cref="Environment"/>, which worker processes have), it is enough to collect in good time. Elsewhere,
/// and once a collection fell into a step all the same, collections are forbidden during a step, which takes some 100 MB more. The limit of both: what all
/// threads allocate during one step must fit the budget. Where runs share a process the steps of one are not the pauses of another, so they go without.
/// </remarks>
/// <param name="youngBudget">What may be allocated before the collector comes by itself, in bytes, as far as it is known.</param>
internal sealed class CollectionPause(long youngBudget)
{
    private const string YoungBudgetVariable = "DOTNET_GCgen0size";

    /// <summary>What may be allocated without a collection, by all threads; renewed in time. More costs memory for nothing.</summary>
    private const long Budget = 16L << 20;

    /// <summary>The part of it for large objects.</summary>
    private const long Large = 4L << 20;

    private bool _forbids = youngBudget < Budget;
    private bool _isActive;
    private long _renewAt;
    private int _collections = GC.CollectionCount(0);

    /// <summary>The pause of a run in this process.</summary>
    public CollectionPause()
        : this(YoungBudgetOfProcess)
    {
    }

    /// <summary>What a process has in its environment whose collector does not come by itself before <see cref="Budget"/> was allocated.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { [YoungBudgetVariable] = Budget.ToString("X", CultureInfo.InvariantCulture) };

    /// <summary>Whether collections are forbidden during a step, rather than made in good time.</summary>
    public bool Forbids => _forbids;

    private static long YoungBudgetOfProcess { get; } =
        long.TryParse(System.Environment.GetEnvironmentVariable(YoungBudgetVariable), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;

    /// <summary>Called between two steps: collects and begins anew if the budget is nearly used up, or was.</summary>
    public void Renew()
    {
        if (_forbids)
            Forbid();
        else
            CollectInTime();
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

    private void CollectInTime()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated < _renewAt && GC.CollectionCount(0) == _collections)
            return;
        if (_renewAt > 0 && GC.CollectionCount(0) != _collections)
        {
            _forbids = true; // it came within a step: large objects, or more than the budget
            Forbid();
            return;
        }

        GC.Collect(0);
        _collections = GC.CollectionCount(0);
        _renewAt = allocated + (Budget / 4);
    }

    private void Forbid()
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
            return; // there is one already, or memory is limited to less: then as without
        }

        _renewAt = GC.GetTotalAllocatedBytes() + ((Budget - Large) / 4 * 3);
    }
}
