using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.State;

/// <summary>
/// Tensors as bytes: type, shape, elements. Written from where they are and read back into the same tensor, on its device: a module's own save moves the
/// whole module to the processor and back, which takes its parameters from its optimizer.
/// </summary>
internal static class TensorStream
{
    private const int BufferSize = 128 * 1024;

    public static void Write(Tensor tensor, Stream stream)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        Number(stream, number, (long)tensor.dtype);
        Number(stream, number, tensor.dim());
        foreach (var size in tensor.shape)
            Number(stream, number, size);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        tensor.detach().cpu().contiguous().WriteBytesToStream(stream, BufferSize);
    }

    /// <exception cref="InvalidDataException">What was saved has another type or shape.</exception>
    public static void Read(Tensor tensor, Stream stream, string name)
    {
        var type = (ScalarType)Number(stream);
        var shape = new long[Number(stream)];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = Number(stream);
        if (type != tensor.dtype || !shape.AsSpan().SequenceEqual(tensor.shape))
            throw new InvalidDataException(
                $"{name} is {tensor.dtype} of [{string.Join(", ", tensor.shape)}]; saved was {type} of [{string.Join(", ", shape)}]. The model must be the same.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var read = empty(shape, dtype: type, device: CPU);
        read.ReadBytesFromStream(stream, BufferSize);
        tensor.copy_(read);
    }

    private static void Number(Stream stream, Span<byte> buffer, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer, number);
        stream.Write(buffer);
    }

    private static long Number(Stream stream)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        stream.ReadExactly(number);
        return BinaryPrimitives.ReadInt64LittleEndian(number);
    }
}
