using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>
/// Stands for the memory of a parameter: two that share it, as <c>new Parameter(other.detach())</c> does, have the same one, though nothing
/// in .NET connects them. On the processor only: the memory of a GPU has no address here.
/// </summary>
internal sealed class StorageIdentity
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, WeakReference<StorageIdentity>> Known = [];
    private static int Most = 1024;
    private readonly WeakReference<Tensor> _first;

    private StorageIdentity(Tensor first) => _first = new WeakReference<Tensor>(first);

    // Memory that was given back may be another's next.
    private bool IsCurrent => _first.TryGetTarget(out var tensor) && !tensor.IsInvalid;

    /// <summary>The identity of a tensor's memory; <see langword="null"/>: it has none that can be known.</summary>
    public static StorageIdentity? Of(Tensor tensor)
    {
        if (tensor.IsInvalid || tensor.device_type != DeviceType.CPU || tensor.NumberOfElements == 0 || !tensor.is_contiguous()
            || tensor.NumberOfElements * tensor.ElementSize > int.MaxValue)
            return null;
        var address = Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(tensor.bytes));
        lock (Gate)
        {
            if (Known.TryGetValue(address, out var known) && known.TryGetTarget(out var same) && same.IsCurrent)
                return same;
            if (Known.Count >= Most)
                Purge();
            var made = new StorageIdentity(tensor);
            Known[address] = new WeakReference<StorageIdentity>(made);
            return made;
        }
    }

    private static void Purge()
    {
        foreach (var (address, known) in Known)
            if (!known.TryGetTarget(out var identity) || !identity.IsCurrent)
                Known.Remove(address);
        Most = Math.Max(1024, Known.Count * 2);
    }
}
