using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using Orchestrator.Torch.Native;
using Orchestrator.Torch.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class TorchRunTests
{
    [Fact]
    public async Task RunAsync_AnyWork_IsOnOneThreadInTheRunsFlow()
    {
        await using var bench = TorchBench.New();
        var threads = new List<int>();
        RunContext? seen = null;

        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            await using var torch = new TorchRun(run);
            for (var i = 0; i < 3; i++)
            {
                await torch.RunAsync(() => threads.Add(Environment.CurrentManagedThreadId));
                await Task.Yield();
            }

            seen = await torch.RunAsync(() => RunContext.Current);
            Assert.Same(run, seen);
            await TestRuns.Report(run, token);
        });

        Assert.Equal(1, result.Counts.Completed);
        Assert.Single(threads.Distinct());
    }

    [Fact]
    public async Task Build_OutsideOfRunAsync_SaysWhereItBelongs()
    {
        await using var bench = TorchBench.New();

        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, _) =>
        {
            await using var torch = new TorchRun(run);
            await torch.RunAsync(() => { });
            torch.Build("model", () => nn.Linear(1, 1));
        });

        var failure = Assert.Single(await result.AllAsync()).Failure!;
        Assert.Contains("within TorchRun.RunAsync", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_BeforeTheWork_IsNotKnown()
    {
        await using var bench = TorchBench.New();

        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, _) =>
        {
            await using var torch = new TorchRun(run);
            Assert.NotNull(torch.Device);
        });

        Assert.Contains("Device is known once", Assert.Single(await result.AllAsync()).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda:0")]
    [InlineData("cuda:0,1")]
    public void Device_CudaWhereThereIsNone_SaysWhatToDo(string name)
    {
        Assert.SkipWhen(cuda.is_available(), "there is a CUDA device");

        var cause = Assert.Throws<InvalidOperationException>(() => TorchDevice.Of(name));

        Assert.Contains($"the device '{name}'", cause.Message, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=cuda", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_CudaThatIsPretended_IsTheProcessor()
    {
        Assert.SkipWhen(cuda.is_available(), "there is a CUDA device");

        Assert.Equal(DeviceType.CPU, TorchDevice.Of("cuda:1", arePretended: true).type);
    }

    [Fact]
    public void Device_OfTheProcessor_IsCpu() => Assert.Equal(DeviceType.CPU, TorchDevice.Of("cpu").type);

    [Fact]
    public async Task Dispose_RegisteredAndScoped_LeavesNothing()
    {
        await using var bench = TorchBench.New();
        nn.Module<Tensor, Tensor>? module = null;
        Tensor? made = null;

        var run = await bench.OnThreadAsync(torch =>
        {
            module = torch.Build("model", () => nn.Linear(3, 2));
            torch.Register("optimizer", optim.Adam(module.parameters()));
            made = ones(5);
            using var step = torch.NewStep();
            module.call(rand(4, 3)).sum().backward();
        });

        Assert.Equal(RunState.Completed, run.State);
        Assert.True(made!.IsInvalid);
        Assert.DoesNotContain("still alive", bench.LogOf(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_DetachedTensors_AreCountedInAWarning()
    {
        await using var bench = TorchBench.New();
        Tensor[] kept = [];

        var run = await bench.OnThreadAsync(_ => kept = [.. Enumerable.Range(0, 7).Select(_ => ones(2).DetachFromDisposeScope())]);

        Assert.Contains("7 tensors of the run are still alive after its end", bench.LogOf(run), StringComparison.Ordinal);
        foreach (var tensor in kept)
            tensor.Dispose();
    }

    [Fact]
    public async Task Dispose_TensorsOfStepsWithoutAScope_AreCountedInAWarning()
    {
        await using var bench = TorchBench.New();

        var run = await bench.OnThreadAsync(_ =>
        {
            for (var i = 0; i < 10_001; i++)
                ones(1);
        });

        Assert.Contains("10001 tensors were held until the run's end", bench.LogOf(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_ADisposalThatThrows_IsLoggedAndTheRestIsDisposed()
    {
        await using var bench = TorchBench.New();
        nn.Module? module = null;

        var run = await bench.OnThreadAsync(torch =>
        {
            module = torch.Build("model", () => nn.Linear(3, 2));
            torch.Register("bad", new ThrowsAtEnd());
        });

        Assert.Equal(RunState.Completed, run.State);
        Assert.Contains("The disposal of 'bad' at the run's end failed.", bench.LogOf(run), StringComparison.Ordinal);
        Assert.True(module!.parameters().All(p => p.IsInvalid));
    }

    [Fact]
    public async Task Build_TheSameNameAndSeed_DrawsTheSameWhateverCameBefore()
    {
        await using var bench = TorchBench.New();
        var weights = new List<float[]>();

        for (var i = 0; i < 2; i++)
        {
            var before = i * 10;
            await bench.OnThreadAsync(torch =>
            {
                if (before > 0)
                    rand(before);
                weights.Add(torch.Build("model", () => nn.Linear(3, 2)).weight!.data<float>().ToArray());
                weights.Add(torch.Build("other", () => nn.Linear(3, 2)).weight!.data<float>().ToArray());
            });
        }

        Assert.Equal(weights[0], weights[2]);
        Assert.Equal(weights[1], weights[3]);
        Assert.NotEqual(weights[0], weights[1]);
    }

    [Fact]
    public async Task RunAsync_RunsThatDrawFromTheDefaultGenerator_AreNeverBesideEachOther()
    {
        await using var bench = TorchBench.New();
        int inside = 0, most = 0;

        var result = await bench.RunAsync(SweepBench.Definition(6), async (run, token) =>
        {
            await using var torch = new TorchRun(run);
            await torch.RunAsync(() => InterlockedMax(ref most, Interlocked.Increment(ref inside)));
            await Task.Yield();
            await torch.RunAsync(() => Interlocked.Decrement(ref inside));
            await TestRuns.Report(run, token);
        }, workers: 3);

        Assert.Equal(6, result.Counts.Completed);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task RunAsync_WaitingForAnother_IsNotCountedByTheTimeout()
    {
        var time = new ManualTime();
        await using var bench = TorchBench.New(time: time);
        var isIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;

        var result = await bench.RunAsync(SweepBench.Definition(2, d => d.Timeout = TimeSpan.FromMinutes(1)), async (run, token) =>
        {
            await using var torch = new TorchRun(run);
            var isFirst = Interlocked.Increment(ref begun) == 1;
            if (!isFirst)
                await isIn.Task;
            var work = torch.RunAsync(() =>
            {
                isIn.TrySetResult();
                if (isFirst)
                    waits.Task.Wait(token);
                time.Advance(TimeSpan.FromSeconds(40)); // the second one's 80th second, and its 40th of work
            });
            if (!isFirst)
                waits.SetResult(); // it has asked, and waits
            await work;
            await TestRuns.Report(run, token);
        });

        Assert.True(result.Counts.Completed == 2, string.Join('\n', (await result.AllAsync()).Select(r => r.Failure?.Message)));
    }

    [Fact]
    public async Task RunAsync_BehindOneThatHangs_FailsAndSaysWhy()
    {
        await using var bench = TorchBench.New();
        using var letGo = new ManualResetEventSlim();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string? hung = null;
        var definition = SweepBench.Definition(3, d => d.Timeout = TimeSpan.FromMilliseconds(200));
        definition.Isolation.Grace = TimeSpan.FromMilliseconds(50);

        var result = await bench.RunAsync(definition, async (run, token) =>
        {
            var isFirst = Interlocked.CompareExchange(ref hung, run.Id, null) is null;
            try
            {
                await using var torch = new TorchRun(run);
                if (!isFirst)
                    await first.Task;
                await torch.RunAsync(() =>
                {
                    first.TrySetResult();
                    if (isFirst)
                        letGo.Wait(CancellationToken.None);
                });
                await TestRuns.Report(run, token);
            }
            finally
            {
                if (isFirst)
                    ended.SetResult();
            }
        }, workers: 2);
        var failures = (await result.AllAsync()).ToDictionary(r => r.Id, r => r.Failure!);
        letGo.Set();
        await ended.Task;

        Assert.Equal(FailureKind.Timeout, failures[hung!].Kind);
        Assert.All(failures.Where(f => f.Key != hung), f => Assert.Contains($"Run {hung} did not end when asked to", f.Value.Message, StringComparison.Ordinal));
        var after = await bench.OnThreadAsync(_ => { }); // it ended after all
        Assert.Equal(RunState.Completed, after.State);
    }

    [Fact]
    public async Task RunAsync_RunsThatShare_AreBesideEachOther()
    {
        await using var bench = TorchBench.New();
        using var together = new Barrier(2);

        var result = await bench.RunAsync(SweepBench.Definition(2), async (run, token) =>
        {
            await using var torch = new TorchRun(run) { SharesProcess = true };
            await torch.RunAsync(() => together.SignalAndWait(token));
            await TestRuns.Report(run, token);
        });

        Assert.Equal(2, result.Counts.Completed);
    }

    [Fact]
    public async Task SharesProcess_OnceBegun_CannotBeChanged()
    {
        await using var bench = TorchBench.New();

        var run = await bench.OnThreadAsync(torch => torch.SharesProcess = true);

        Assert.Contains("has begun", run.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("3", 3)]
    [InlineData("0", 1)] // would end the process
    [InlineData("-2", 1)]
    [InlineData("4,2", 1)]
    public void Threads_OfASetting_AreAtLeastOne(string? setting, int threads) => Assert.Equal(threads, TorchProcess.Threads(setting));

    [Fact]
    public async Task Prepare_Threads_AreTheSlotsAndOneForWhatRunsBeside()
    {
        await using var bench = TorchBench.New();
        var (threads, beside) = (0, 0);

        // On the run's thread, which is new: one that used TorchSharp before keeps the number that it had then.
        await bench.OnThreadAsync(_ => (threads, beside) = (get_num_threads(), get_num_interop_threads()));

        Assert.Equal(TorchProcess.Threads(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")), threads);
        Assert.Equal(1, beside);
    }

    [Fact]
    public void ReasonIn_ManyTries_IsWhyTheOneThatWasFoundDidNotServe()
    {
        const string said = """
            Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.
            /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
            /app/libLibTorchSharp: cannot open shared object file: No such file or directory
            """;

        Assert.Equal("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)", NativeMessages.ReasonIn(said));
        Assert.Null(NativeMessages.ReasonIn("""
            Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.
            /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
            """));
    }

    [Fact]
    public void MissingIn_ALibraryThatIsNeeded_IsNamed()
    {
        Assert.Equal(" (libtorch.so)", NativeMessages.MissingIn("/app/LibTorchSharp.so: cannot open shared object file\nlibtorch.so: cannot open shared object file: No such file or directory"));
        Assert.Equal("", NativeMessages.MissingIn("/app/LibTorchSharp.so: cannot open shared object file"));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private sealed class ThrowsAtEnd : ICheckpointable, IDisposable
    {
        public void SaveState(Stream stream)
        {
        }

        public void LoadState(Stream stream)
        {
        }

        public void Dispose() => throw new InvalidOperationException("no");
    }
}
