using Orchestrator.Torch.Runs;

namespace Orchestrator.Tests.Torch;

public sealed class ProcessGateTests
{
    private readonly ProcessGate _gate = new();

    [Fact]
    public async Task EnterAsync_SeveralThatShare_AllAreIn()
    {
        using var first = await _gate.EnterAsync(alone: false, default);
        using var second = await _gate.EnterAsync(alone: false, default);

        Assert.True(_gate.MustWait(alone: true));
        Assert.False(_gate.MustWait(alone: false));
    }

    [Fact]
    public async Task EnterAsync_Alone_WaitsForAllAndKeepsOthersOut()
    {
        var first = await _gate.EnterAsync(alone: false, default);
        var alone = _gate.EnterAsync(alone: true, default);
        var later = _gate.EnterAsync(alone: false, default); // does not overtake

        Assert.False(alone.IsCompleted || later.IsCompleted);
        first.Dispose();
        using (await alone)
            Assert.False(later.IsCompleted);
        using var last = await later;
    }

    [Fact]
    public async Task EnterAsync_CanceledWhileWaiting_LetsThoseBehindIn()
    {
        using var canceled = new CancellationTokenSource();
        using var first = await _gate.EnterAsync(alone: false, default);
        var alone = _gate.EnterAsync(alone: true, canceled.Token);
        var later = _gate.EnterAsync(alone: false, default);

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        using var last = await later;
    }

    [Fact]
    public async Task Dispose_Twice_GivesOnePlaceBack()
    {
        var first = await _gate.EnterAsync(alone: false, default);
        using var second = await _gate.EnterAsync(alone: false, default);

        first.Dispose();
        first.Dispose();

        Assert.True(_gate.MustWait(alone: true));
    }
}
