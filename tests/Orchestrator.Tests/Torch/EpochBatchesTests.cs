using Orchestrator.Torch;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class EpochBatchesTests
{
    private static readonly long[] Order = [6, 0, 3, 5, 1, 4, 2];

    [Theory]
    [InlineData(3, 1, new[] { 3, 3, 1 })] // a block of one batch each
    [InlineData(2, 16 * 4, new[] { 2, 2, 2, 1 })] // blocks of four examples
    [InlineData(3, 1 << 20, new[] { 3, 3, 1 })] // one block
    [InlineData(9, 1 << 20, new[] { 7 })]
    public void Item_InTurn_HasEveryExampleOnceInTheOrder(int batchSize, long blockBytes, int[] counts)
    {
        using var scope = NewDisposeScope();
        using var batches = New(batchSize, blockBytes);
        List<long> targets = [], inputs = [];
        List<int> found = [];
        for (var i = 0; i < batches.Count; i++)
        {
            using var step = NewDisposeScope();
            var batch = batches[i];
            found.Add(batch.Count);
            targets.AddRange(batch.Targets.data<long>().ToArray());
            inputs.AddRange(batch.Inputs.data<float>().ToArray().Where((_, column) => column % 2 == 0).Select(x => (long)x));
        }

        Assert.Equal(counts, found);
        Assert.Equal(Order, targets);
        Assert.Equal(Order, inputs);
    }

    [Fact]
    public void Item_WithinABlock_IsAViewOfIt()
    {
        using var scope = NewDisposeScope();
        using var batches = New(2, 1 << 20);

        using (NewDisposeScope())
            batches[0].Inputs.fill_(-1);

        Assert.Equal(-1, batches[0].Inputs[0, 0].item<float>());
    }

    private static EpochBatches New(int batchSize, long blockBytes)
    {
        var inputs = arange(7, dtype: ScalarType.Float32).unsqueeze(1).expand(7, 2).contiguous(); // 8 bytes a row
        return new EpochBatches(new Examples(inputs, arange(7, dtype: ScalarType.Int64)), Order, batchSize, CPU, blockBytes);
    }
}
