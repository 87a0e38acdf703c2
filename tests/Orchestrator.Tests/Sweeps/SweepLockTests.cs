using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryTake_Held_IsNull_AndIsHeldSaysSo()
    {
        Assert.False(SweepLock.IsHeld(_folder));
        using (SweepLock.TryTake(_folder))
        {
            Assert.True(SweepLock.IsHeld(_folder));
            Assert.Null(SweepLock.TryTake(_folder));
        }

        Assert.False(SweepLock.IsHeld(_folder));
    }

    [Fact]
    public async Task TryTake_WhileALookTakesLong_WaitsForIt()
    {
        SweepLock.TryTake(_folder)!.Dispose();
        Task<SweepLock?> taking;
        using (new FileStream(Path.Combine(_folder, ".lock"), FileMode.Open, FileAccess.Read, FileShare.Read)) // as one looks
        {
            taking = Task.Factory.StartNew(() => SweepLock.TryTake(_folder), TaskCreationOptions.LongRunning);
            await Task.WhenAny(taking, Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
        }

        using var held = await taking;
        Assert.NotNull(held);
    }

    [Fact]
    public async Task TryTake_WhileOthersLook_IsNeverRefused()
    {
        SweepLock.TryTake(_folder)!.Dispose();
        using var end = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
                SweepLock.IsHeld(_folder);
        });
        for (var i = 0; i < 1000; i++)
        {
            using var held = SweepLock.TryTake(_folder);
            Assert.NotNull(held);
        }

        await end.CancelAsync();
        await looking;
    }
}
