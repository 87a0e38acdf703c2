using Orchestrator.Execution.Devices;

namespace Orchestrator.Diagnostics;

/// <summary>The GPUs that this process may use, as <c>nvidia-smi</c> knows them. None is fine.</summary>
internal sealed class GpuCheck(GpuInventory inventory) : IDoctorCheck
{
    public string Name => "gpus";

    public async Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var (gpus, answer) = await inventory.AskAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer is { Why: { } why, Remedy: { } remedy })
            return [DoctorFinding.Warning(why, remedy)];
        if (gpus.Count > 0)
            return [.. gpus.Select(Gpu)];
        return [DoctorFinding.Ok(answer.Why is { } none ? $"none: {none}; runs use the processors"
            : answer.Gpus.Count > 0 ? $"none: CUDA_VISIBLE_DEVICES hides all {answer.Gpus.Count}" : "none")];
    }

    private static DoctorFinding Gpu(VisibleGpu gpu) => DoctorFinding.Ok(gpu.Gpu is { } known
        ? $"{gpu.Device.Name}: {known.Name}{Memory(known)}, GPU {known.Index} of nvidia-smi"
        : $"{gpu.Device.Name}: {gpu.Device.Model} ({gpu.Device.CudaId})");

    private static string Memory(NvidiaGpu gpu) =>
        (gpu.MemoryTotal is { } total ? $", {ByteText.Of(total)}" : "") + (gpu.MemoryUsed is { } used ? $" ({ByteText.Of(used)} used)" : "");
}
