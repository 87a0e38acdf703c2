using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class SweepPoolTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.5, 2)]
    [InlineData(2, 1)]
    public async Task Run_OnPretendedGpus_NeverGivesADeviceTwice(double gpus, int runsPerDevice)
    {
        await using var bench = Bench("4x80GiB");
        var running = new ConcurrentDictionary<string, int>();
        var most = new ConcurrentDictionary<string, int>();
        var all = Signal();

        var result = await bench.RunAsync(
            SweepBench.Definition(60, d => d.Resources.Gpus = gpus),
            async (run, token) =>
            {
                string[] devices = [.. run.Device["cuda:".Length..].Split(',')];
                Assert.Equal(Math.Max(1, (int)gpus), devices.Length);
                foreach (var device in devices)
                {
                    var now = running.AddOrUpdate(device, 1, (_, n) => n + 1);
                    most.AddOrUpdate(device, now, (_, n) => Math.Max(n, now));
                }

                if (most.Count == 4)
                    all.TrySetResult();
                await all.Task.WaitAsync(TimeSpan.FromMinutes(1), token); // none is free again before each was given
                await Task.Delay(5, token);
                foreach (var device in devices)
                    running.AddOrUpdate(device, 0, (_, n) => n - 1);
                await TestRuns.Report(run, token);
            },
            workers: 32);

        Assert.Equal(60, result.Counts.Completed);
        Assert.Equal(["0", "1", "2", "3"], most.Keys.Order());
        Assert.All(most.Values, n => Assert.InRange(n, 1, runsPerDevice));
        Assert.All(await result.AllAsync(), r => Assert.StartsWith("cuda:", r.Device, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MoreThanThePoolHas_IsRefusedBeforeAnythingIsRecorded()
    {
        await using var bench = Bench("4x80GiB");

        var error = await Assert.ThrowsAsync<InvalidDefinitionException>(
            () => bench.RunAsync(SweepBench.Definition(1, d => d.Resources.Gpus = 5), TestRuns.Report));

        Assert.Equal(("SWP046", "/resources/gpus"), (error.Problems[0].Code, error.Problems[0].Path));
        Assert.Contains("'default' has 4 GPUs", error.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.Services.GetRequiredService<ISweepClient>().ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Stop_ASweepThatWaitsForRoom_DoesNotWaitForIt()
    {
        await using var bench = Bench("1x80GiB");
        var (begun, gate) = (Signal(), Signal());
        var holder = bench.RunAsync(SweepBench.Definition(1, d => d.Resources.Gpus = 1), async (run, token) =>
        {
            begun.SetResult();
            await gate.Task;
            await TestRuns.Report(run, token);
        });
        await begun.Task;
        var control = new SweepControl();
        var waiting = bench.RunAsync(SweepBench.Definition(3, d => d.Resources.Gpus = 1), TestRuns.Report, control: control);

        control.Stop();
        var stopped = await waiting;
        gate.SetResult();

        Assert.Equal(0, stopped.Counts.Completed);
        Assert.Equal(1, (await holder).Counts.Completed);
    }

    [Fact]
    public async Task Run_EightWorkersOnFewerProcessors_RunsEightAtOnce()
    {
        await using var bench = Bench("none");
        using var together = new Barrier(8);

        var result = await bench.RunAsync(
            SweepBench.Definition(8),
            (run, token) =>
            {
                Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(1), token));
                return TestRuns.Report(run, token);
            },
            workers: 8);

        Assert.Equal(8, result.Counts.Completed);
    }

    [Fact]
    public async Task Run_Memory_IsNeverExceeded()
    {
        await using var bench = Bench("none", o => o.Pools["small"] = new PoolOptions { Memory = "10GiB" });
        var (running, most) = (0, 0);

        var result = await bench.RunAsync(
            SweepBench.Definition(30, d => (d.Resources.Memory, d.Resources.Pool) = (4L << 30, "small")),
            async (run, token) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Delay(2, token);
                Interlocked.Decrement(ref running);
                await TestRuns.Report(run, token);
            },
            workers: 8);

        Assert.Equal(30, result.Counts.Completed);
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Run_RunsFailOnADeviceThatSucceedOnOthers_IsTakenOutOfServiceAndNamed()
    {
        await using var bench = Bench("4x80GiB");
        var observer = new RetiredDevices();
        var after = 0;

        var result = await bench.RunAsync(
            SweepBench.Definition(400, d =>
            {
                d.Resources.Gpus = 1;
                d.Retry.MaxAttempts = 1000; // one after the other may find no other device free
            }),
            async (run, token) =>
            {
                if (run.Device == "cuda:0")
                {
                    if (observer.Told is not null)
                        Interlocked.Increment(ref after);
                    throw new IOException("the device is broken");
                }

                await Task.Yield();
                await TestRuns.Report(run, token);
            },
            workers: 4,
            observer: observer);

        Assert.Equal(400, result.Counts.Completed);
        var retired = Assert.IsType<DeviceRetired>(observer.Told);
        Assert.Equal(("cuda:0", "default", 1), (retired.Device, retired.Pool, observer.Times));
        Assert.InRange(retired.FailedRuns.Count, 3, 64);
        Assert.StartsWith("cuda:0 (", retired.Reason, StringComparison.Ordinal);
        Assert.Contains("is out of service: the last ", retired.Reason, StringComparison.Ordinal);
        Assert.InRange(after, 0, 1); // one may have been on its way
    }

    [Fact]
    public async Task Run_RetryWhileOtherDevicesAreFree_GoesToAnother()
    {
        await using var bench = Bench("4x80GiB");

        var result = await bench.RunAsync(
            SweepBench.Definition(6, d =>
            {
                d.Resources.Gpus = 1;
                d.Retry.MaxAttempts = 4;
            }),
            (run, token) => run.Info.Attempt < 4 ? throw new IOException("not yet") : TestRuns.Report(run, token),
            workers: 1);

        var store = await bench.Store;
        for (var number = 0; number < 6; number++)
        {
            var attempts = await store.AttemptsAsync(result.Id, number);
            Assert.Equal(["cuda:0", "cuda:1", "cuda:2", "cuda:3"], attempts.Select(a => a.Device));
        }
    }

    private sealed class RetiredDevices : ISweepObserver
    {
        private volatile DeviceRetired? _told;

        public DeviceRetired? Told => _told;

        public int Times { get; private set; }

        void ISweepObserver.DeviceRetired(DeviceRetired retired) => (_told, Times) = (retired, Times + 1);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static SweepBench Bench(string gpus, Action<OrchestratorOptions>? more = null) => new(configure: builder =>
        builder.Services.Configure<OrchestratorOptions>(o =>
        {
            o.Gpus = gpus;
            more?.Invoke(o);
        }));
}
