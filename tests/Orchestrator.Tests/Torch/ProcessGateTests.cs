using Orchestrator.Torch.Runs;

namespace Orchestrator.Tests.Torch;

public sealed class ProcessGateTests
{
    private readonly ProcessGate _gate = new();

    [Fact]
    public async Task EnterAsync_SeveralThatShare_AllAreIn()
    {
        using var first = await _gate.EnterAsync("a", alone: false, default);
        using var second = await _gate.EnterAsync("a", alone: false, default);

        Assert.True(_gate.MustWait(alone: true));
        Assert.False(_gate.MustWait(alone: false));
    }

    [Fact]
    public async Task EnterAsync_Alone_WaitsForAllAndKeepsOthersOut()
    {
        var first = await _gate.EnterAsync("a", alone: false, default);
        var alone = _gate.EnterAsync("a", alone: true, default);
        var later = _gate.EnterAsync("a", alone: false, default); // does not overtake

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
        using var first = await _gate.EnterAsync("a", alone: false, default);
        var alone = _gate.EnterAsync("a", alone: true, canceled.Token);
        var later = _gate.EnterAsync("a", alone: false, default);

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        using var last = await later;
    }

    [Fact]
    public async Task Dispose_Twice_GivesOnePlaceBack()
    {
        var first = await _gate.EnterAsync("a", alone: false, default);
        using var second = await _gate.EnterAsync("a", alone: false, default);

        first.Dispose();
        first.Dispose();

        Assert.True(_gate.MustWait(alone: true));
    }

    [Fact]
    public async Task GiveUp_OfOneAlone_FailsThoseWhoWaitAndThoseWhoCome()
    {
        var hung = await _gate.EnterAsync("sweep/000003", alone: true, default);
        var waiting = _gate.EnterAsync("b", alone: false, default);

        hung.GiveUp();

        var cause = await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        Assert.Contains("Run sweep/000003 did not end when asked to", cause.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.EnterAsync("c", alone: true, default));
        hung.Dispose(); // it ended after all
        using var last = await _gate.EnterAsync("d", alone: true, default);
    }

    [Fact]
    public async Task GiveUp_OfOneThatShares_LeavesThoseWhoShareIn()
    {
        var hung = await _gate.EnterAsync("a", alone: false, default);
        var alone = _gate.EnterAsync("b", alone: true, default);
        var sharing = _gate.EnterAsync("c", alone: false, default); // behind the one that waits

        hung.GiveUp();

        await Assert.ThrowsAsync<InvalidOperationException>(() => alone);
        using var second = await sharing;
        using var third = await _gate.EnterAsync("d", alone: false, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _gate.EnterAsync("e", alone: true, default));
    }

    [Fact]
    public async Task GiveUp_OfAPlaceGivenBack_IsNothing()
    {
        var first = await _gate.EnterAsync("a", alone: true, default);
        first.Dispose();

        first.GiveUp();

        using var second = await _gate.EnterAsync("b", alone: true, default);
    }
}
