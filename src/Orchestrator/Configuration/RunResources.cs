namespace Orchestrator;

/// <summary>What one run occupies while it is executed.</summary>
public sealed class RunResources
{
    /// <summary>
    /// Processors, from 0.001 to 1,000,000; a part of one is what runs that mostly wait are given, so that more of them are executed at once. A run
    /// is told to use as many threads, at least one. Default: 1.
    /// </summary>
    public double Cpus { get; set; } = 1;

    /// <summary>GPUs: a whole number of devices, or a fraction of one from 0.001 to below 1, which others share. Default: none.</summary>
    public double Gpus { get; set; }

    /// <summary>
    /// One GPU if there is one, or the part of it that <see cref="RunsPerGpu"/> says, else none: <c>gpus: auto</c> in a file. It goes to the first
    /// pool that could hold it with a GPU, else to the first that could without; the pool it names is the only one that is asked. Not together
    /// with <see cref="Gpus"/>. Default: false.
    /// </summary>
    public bool GpuIfAny { get; set; }

    /// <summary>Memory in bytes, above 0. Default: none is set aside.</summary>
    public long? Memory { get; set; }

    /// <summary>
    /// Bytes that one attempt may add as artifacts, above 0; more is an <see cref="ArtifactLimitException"/>. Default: as many as there is room for.
    /// </summary>
    public long? Artifacts { get; set; }

    /// <summary>Bytes that one attempt may write to <c>run.log</c>, above 0; what goes beyond is dropped, and its log says so. Default: 10 MiB.</summary>
    public long Log { get; set; } = DefaultLog;

    internal const long DefaultLog = 10 * 1024 * 1024;

    /// <summary>How many runs share a GPU, from 1 to 1000: the same as <see cref="Gpus"/> of one by that number. Default: one alone.</summary>
    public int? RunsPerGpu { get; set; }

    /// <summary>The pool to run in. Default: <c>default</c>, else the first that could hold a run.</summary>
    public string? Pool { get; set; }

    /// <summary>What is to be looked for, one after the other.</summary>
    internal IReadOnlyList<RunResources> Alternatives => GpuIfAny ? [WithGpus(1, RunsPerGpu), WithGpus(0, null)] : [this];

    private RunResources WithGpus(double gpus, int? runsPerGpu)
    {
        var copy = (RunResources)MemberwiseClone();
        (copy.GpuIfAny, copy.Gpus, copy.RunsPerGpu) = (false, gpus, runsPerGpu);
        return copy;
    }
}
