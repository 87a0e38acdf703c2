namespace Orchestrator.Execution.Devices;

/// <summary>A GPU that runs may be given.</summary>
/// <param name="Number">Its number in this process, from 0: what <c>cuda:N</c> means here, and what <c>--gpus</c> and pools name.</param>
/// <param name="CudaId">What names it in the <c>CUDA_VISIBLE_DEVICES</c> of a child process.</param>
/// <param name="Model">What it is, for a reader.</param>
/// <param name="MemoryBytes">Its memory; <see langword="null"/>: not known.</param>
internal sealed record GpuDevice(int Number, string CudaId, string Model, long? MemoryBytes)
{
    /// <summary>Whether it was only said to be there, to try out how runs are packed.</summary>
    public bool IsPretended { get; init; }

    /// <summary>Its name for code in this process.</summary>
    public string Name { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cuda:{Number}");
}
