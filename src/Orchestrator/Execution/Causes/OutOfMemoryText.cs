namespace Orchestrator.Execution.Causes;

/// <summary>How programs and libraries say that there is no memory left, of the machine or of a device.</summary>
internal static class OutOfMemoryText
{
    private static readonly string[] Types =
    [
        "MemoryError", "OutOfMemoryError", "OutOfMemoryException", "InsufficientMemoryException", "bad_alloc", "_ArrayMemoryError", "ResourceExhaustedError",
    ];

    private static readonly string[] Texts =
    [
        "CUDA out of memory", "CUDA error: out of memory", "CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED", "HIP out of memory", "XPU out of memory",
        "MPS backend out of memory", "RESOURCE_EXHAUSTED: Out of memory", "OOM when allocating", "can't allocate memory", "Cannot allocate memory",
        "JavaScript heap out of memory", "runtime: out of memory", "memory allocation of", "std::bad_alloc", "java.lang.OutOfMemoryError",
        "System.OutOfMemoryException", "torch.OutOfMemoryError", "torch.cuda.OutOfMemoryError",
    ];

    /// <summary>Whether an exception is of it.</summary>
    public static bool IsIn(string? type, string message) =>
        (type is not null && Types.Contains(type[(type.LastIndexOfAny(['.', ':']) + 1)..])) || IsIn(message);

    /// <summary>Whether a text says it.</summary>
    public static bool IsIn(string? text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.TrimEnd().EndsWith("Out of memory.", StringComparison.Ordinal))
                return true;
            foreach (var said in Texts)
            {
                if (line.Contains(said, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
