using System.Globalization;

namespace Orchestrator.Execution.Devices;

/// <summary>A GPU that this process may use.</summary>
/// <param name="Device">What runs are given.</param>
/// <param name="Gpu">What <c>nvidia-smi</c> says of it; <see langword="null"/> for a part of a GPU, of which it says nothing.</param>
internal sealed record VisibleGpu(GpuDevice Device, NvidiaGpu? Gpu);

/// <summary>What there is.</summary>
/// <param name="Gpus">The GPUs in the order of their numbers.</param>
/// <param name="Answer">Where that comes from.</param>
internal sealed record GpuFindings(IReadOnlyList<VisibleGpu> Gpus, NvidiaAnswer Answer);

/// <summary>
/// The GPUs that this process may use, numbered as CUDA numbers them in it: what <c>CUDA_VISIBLE_DEVICES</c> leaves, in its order. Asked for
/// once, when they are first needed.
/// </summary>
/// <param name="smi">Knows all that there are.</param>
/// <param name="visible">The process's own <c>CUDA_VISIBLE_DEVICES</c>; <see langword="null"/>: all.</param>
internal sealed class GpuInventory(NvidiaSmi smi, string? visible)
{
    private readonly Lazy<Task<GpuFindings>> _findings = new(() => LookAsync(smi, visible));

    public Task<GpuFindings> AskAsync() => _findings.Value;

    /// <summary>
    /// The GPUs that a value of <c>CUDA_VISIBLE_DEVICES</c> leaves: numbers, beginnings of UUIDs, parts of GPUs (<c>MIG-...</c>). As CUDA does
    /// it: what comes after an entry that names nothing does not count.
    /// </summary>
    public static IReadOnlyList<VisibleGpu> Visible(IReadOnlyList<NvidiaGpu> all, string? visible)
    {
        if (visible is null)
            return [.. all.OrderBy(g => g.Index).Select((g, number) => Whole(number, g, g.Index.ToString(CultureInfo.InvariantCulture)))];
        var found = new List<VisibleGpu>();
        foreach (var entry in visible.Split(',', StringSplitOptions.TrimEntries))
        {
            if (entry.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase))
                found.Add(new VisibleGpu(new GpuDevice(found.Count, entry, "part of a GPU", null), null));
            else if (Find(all, entry) is { } gpu && found.TrueForAll(f => f.Gpu != gpu))
                found.Add(Whole(found.Count, gpu, entry));
            else
                break;
        }

        return found;
    }

    private static async Task<GpuFindings> LookAsync(NvidiaSmi smi, string? visible)
    {
        var answer = await smi.AskAsync(CancellationToken.None).ConfigureAwait(false);
        return new GpuFindings(Visible(answer.Gpus, visible), answer);
    }

    private static NvidiaGpu? Find(IReadOnlyList<NvidiaGpu> all, string entry) =>
        int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? all.FirstOrDefault(g => g.Index == index)
        : entry.Length > 0 ? all.FirstOrDefault(g => g.Uuid.StartsWith(entry, StringComparison.OrdinalIgnoreCase))
        : null;

    private static VisibleGpu Whole(int number, NvidiaGpu gpu, string cudaId) =>
        new(new GpuDevice(number, cudaId, gpu.Name, gpu.MemoryTotal), gpu);
}
