using System.Runtime.CompilerServices;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Experiments.Checkpoints;

public sealed class RunObjectsTests
{
    static RunObjectsTests() => FakeModuleAdapter.MakeKnown();

    [Fact]
    public async Task Promise10_ModuleOfARunningRun_CannotBeRegisteredInAnother()
    {
        var shared = new State();
        await using var bench = new SweepBench();
        using var both = new Barrier(2);
        var refused = new List<ModuleAlreadyRegisteredException>();
        var result = await bench.RunAsync(SweepBench.Definition(2), (run, token) =>
        {
            try
            {
                run.Register("model", shared);
            }
            catch (ModuleAlreadyRegisteredException refusal)
            {
                lock (refused)
                    refused.Add(refusal);
            }

            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30), token));
            return TestRuns.Report(run, token);
        });

        var refusedOnce = Assert.Single(refused);
        Assert.Contains(refusedOnce.Run, (await result.AllAsync()).Select(r => r.Id));
        Assert.Contains(refusedOnce.Run, refusedOnce.Message, StringComparison.Ordinal);
        Assert.Equal(2, result.Counts.Completed);
        Assert.Equal(1, shared.Disposals);
    }

    [Fact]
    public void Promise10_Wrapped_SharedOrNested_BelongsToTheFirstRun()
    {
        var weight = new object();
        var inner = new FakeModule { Parameters = { weight } };
        var outer = new FakeModule { Children = { inner } };
        var tied = new FakeModule { Parameters = { weight } };
        var (first, second) = (Objects("s/1"), Objects("s/2"));
        first.Add("outer", outer, dispose: false);

        foreach (var taken in (object[])[inner, tied, new FakeModule { Children = { outer } }, weight])
            Assert.Equal("s/1", Assert.Throws<ModuleAlreadyRegisteredException>(() => second.Add("mine", taken, dispose: false, withState: taken != weight)).Run);
        Assert.Empty(second.WithState());
        first.Add("optimizer", new FakeModule { Parameters = { weight } }, dispose: false); // in one run parts are shared as one likes

        first.Remove("outer");
        second.Add("inner's shell", new FakeModule(), dispose: false);
        Assert.Throws<ModuleAlreadyRegisteredException>(() => second.Add("tied", tied, dispose: false)); // the optimizer still holds the weight
        first.Remove("optimizer");
        second.Add("tied", tied, dispose: false);
    }

    [Fact]
    public async Task Promise10_RunsEnd_FreesAndDisposesInReverse()
    {
        var order = new List<string>();
        var (first, second) = (Objects("s/1"), Objects("s/2"));
        var kept = new State();
        var module = new FakeModule { Children = { new FakeModule() } };
        first.Add("a", new State { Disposed = () => order.Add("a") }, dispose: true);
        first.Add("broken", new State { Disposed = () => throw new IOException("stuck") }, dispose: true);
        first.Add("kept", kept, dispose: false);
        first.Add("module", module, dispose: true);
        first.Add("z", new State { Disposed = () => order.Add("z") }, dispose: true);

        var failures = new List<string>();
        await first.EndAsync((name, cause) => failures.Add($"{name}: {cause.Message}"));
        await first.EndAsync((_, _) => Assert.Fail("Ended twice."));

        Assert.Equal(["z", "a"], order);
        Assert.Equal(["broken: stuck"], failures);
        Assert.Equal((0, 1), (kept.Disposals, module.Disposals));
        second.Add("kept", kept, dispose: false);
        second.Add("module", module, dispose: false);
        Assert.Throws<InvalidOperationException>(() => first.Add("late", new State(), dispose: false));
    }

    [Fact]
    public async Task Promise10_AfterTheRun_NothingOfItIsReachable()
    {
        var found = new List<WeakReference>();
        await using var bench = new SweepBench();
        await bench.RunAsync(SweepBench.Definition(3), (run, token) =>
        {
            Fill(run, found);
            return TestRuns.Report(run, token);
        });

        await Unreachable(found);
    }

    [Fact]
    public async Task Promise10_NeverEndedRun_KeepsNothingAliveByItsClaims()
    {
        var found = new List<WeakReference>();
        Leak(found);

        await Unreachable(found);
    }

    [Fact]
    public async Task Register_ManyRunsAtOnce_EachObjectHasOneOwner()
    {
        var shared = Enumerable.Range(0, 50).Select(_ => new State()).ToArray();
        var runs = Enumerable.Range(0, 16).Select(r => Objects($"s/{r}")).ToArray();
        var won = 0;
        await Parallel.ForEachAsync(runs, TestContext.Current.CancellationToken, (run, _) =>
        {
            for (var i = 0; i < shared.Length; i++)
            {
                try
                {
                    run.Add("state " + i, shared[i], dispose: true);
                    Interlocked.Increment(ref won);
                }
                catch (ModuleAlreadyRegisteredException)
                {
                    // another one's
                }
            }

            return default;
        });
        foreach (var run in runs)
            await run.EndAsync((_, cause) => Assert.Fail(cause.Message));

        Assert.Equal(shared.Length, won);
        Assert.All(shared, s => Assert.Equal(1, s.Disposals));
    }

    [Fact]
    public void Register_WrongArguments_SaysWhatIsWrong()
    {
        var run = Objects("s/1");
        var state = new State();
        run.Add("state", state, dispose: false);

        Assert.Throws<ArgumentException>(() => run.Add("state", new State(), dispose: false));
        Assert.Contains("'state'", Assert.Throws<ArgumentException>(() => run.Add("again", state, dispose: false)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => run.Add("random", new State(), dispose: false));
        Assert.Throws<ArgumentException>(() => run.Add(" ", new State(), dispose: false));
        Assert.Throws<ArgumentException>(() => run.Add("number", 3, dispose: false));
        Assert.Throws<ArgumentNullException>(() => run.Add("none", null!, dispose: false));
        Assert.False(run.Remove("unknown"));
    }

    [Fact]
    public void WithState_MixedObjects_AreThoseThatCanBeSaved()
    {
        var run = Objects("s/1");
        run.Add("owned", new object(), dispose: false, withState: false);
        run.Add("owned module", new FakeModule(), dispose: false, withState: false);
        run.Add("module", new FakeModule { Number = 5 }, dispose: false);
        run.Add("state", new State(), dispose: false);
        run.Add("generator", new Orchestrator.Numerics.SeededRandom(1), dispose: false);

        Assert.Equal(["module", "state", "generator"], run.WithState().Select(s => s.Name));
    }

    [Fact]
    public void Register_WhatNothingCanSave_IsRefusedByNameWithTheRemedy()
    {
        var run = Objects("s/1");

        Assert.StartsWith(
            "'reader' (MemoryStream) cannot be registered: no checkpoint would hold its state. Implement ICheckpointable, or add a StateAdapter for MemoryStream (StateAdapter.Add).",
            Refused("reader", new MemoryStream()), StringComparison.Ordinal);
        Assert.Contains("'parts' (List<FakeModule>) cannot", Refused("parts", new List<FakeModule> { new() }), StringComparison.Ordinal);
        Assert.Contains("Register each object in it", Refused("named", new Dictionary<string, FakeModule>()), StringComparison.Ordinal);
        Assert.Contains("'module' (FakeModule) cannot be registered: it is cracked.", Refused("module", new FakeModule { Problem = "it is cracked." }), StringComparison.Ordinal);
        Assert.Empty(run.WithState());

        string Refused(string name, object target) => Assert.Throws<ArgumentException>(() => run.Add(name, target, dispose: false)).Message;
    }

    [Fact]
    public async Task Register_WhatAnEndedRunHadAndKept_NamesThatRun()
    {
        var (weight, kept, back) = (new State(), new FakeModule(), new State());
        var (first, second) = (Objects("s/1"), Objects("s/2"));
        kept.Parameters.Add(weight);
        first.Add("mine", kept, dispose: false);
        first.Add("back", back, dispose: false);
        first.Remove("back");
        await first.EndAsync((_, cause) => Assert.Fail(cause.Message));

        Assert.Equal(("s/1", "mine"), second.Add("theirs", new FakeModule { Parameters = { weight } }, dispose: false) is { } former ? (former.Run, former.Name) : default);
        Assert.Null(second.Add("back", back, dispose: false)); // given back on purpose
        Assert.Null(second.Add("own", kept.Parameters[0], dispose: false)); // its own by now
    }

    [Fact]
    public async Task Register_CapturedByTwoRuns_WarnsInTheLaterOne()
    {
        await using var bench = new SweepBench();
        var captured = new State();

        var result = await bench.RunAsync(SweepBench.Definition(2), (run, token) =>
        {
            run.Register("model", captured, disposeAtEnd: false);
            return TestRuns.Report(run, token);
        }, workers: 1);

        var runs = (await result.AllAsync()).OrderBy(r => r.Number).ToList();
        Assert.DoesNotContain("was registered", LogOf(bench, runs[0]), StringComparison.Ordinal);
        Assert.Contains($"'model' was registered in attempt 1 of run {runs[0].Id}", LogOf(bench, runs[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ToTheContextOfAnotherRun_WarnsOnce()
    {
        await using var bench = new SweepBench();
        RunContext? captured = null;
        using var reported = new SemaphoreSlim(0);

        var result = await bench.RunAsync(SweepBench.Definition(2), async (run, token) =>
        {
            if (Interlocked.CompareExchange(ref captured, run, null) is null)
            {
                await reported.WaitAsync(token);
            }
            else
            {
                captured.Report(1, ("loss", 1));
                captured.Report(2, ("loss", 2));
                reported.Release();
            }

            await TestRuns.Report(run, token);
        });

        var logs = (await result.AllAsync()).ToDictionary(r => r.Id, r => LogOf(bench, r));
        var other = logs.Keys.Single(id => id != captured!.Id);
        Assert.Equal(2, logs[other].Split($"The context of run {captured!.Id} is used in the flow of run {other}").Length);
        Assert.DoesNotContain("The context of run", logs[captured.Id], StringComparison.Ordinal);
    }

    private static string LogOf(SweepBench bench, RunRecord run)
    {
        var file = Path.Combine(bench.Home, run.Directory, "run.log");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    internal static RunObjects Objects(string id)
    {
        using var runs = new Tracking.TestRuns();
        return new RunObjects(runs.Run() with { Id = id });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(RunContext run, List<WeakReference> found)
    {
        var model = new FakeModule { Children = { new FakeModule() } };
        run.Register("model", model);
        run.Register("optimizer", new State());
        run.Checkpoints.Save(1);
        lock (found)
            found.AddRange([new(model), new(model.Children[0]), new(run), new(run.Random), new(run.Checkpoints)]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leak(List<WeakReference> found)
    {
        var model = new FakeModule { Children = { new FakeModule() } };
        Objects("s/never").Add("model", model, dispose: true);
        found.AddRange([new(model), new(model.Children[0])]);
    }

    // A thread that has just let go of something may still have it in a register or a stack slot: a few collections, other work between.
    private static async Task Unreachable(List<WeakReference> found)
    {
        for (var i = 0; i < 50 && found.Exists(r => r.IsAlive); i++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(found, r => r.IsAlive);
    }

    private sealed class State : ICheckpointable, IDisposable
    {
        public int Disposals;

        public Action? Disposed { get; init; }

        public void SaveState(Stream stream)
        {
        }

        public void LoadState(Stream stream)
        {
        }

        public void Dispose()
        {
            Interlocked.Increment(ref Disposals);
            Disposed?.Invoke();
        }
    }
}

/// <summary>What a module of a tensor library is to a run: an object with submodules and parameters that knows nothing of runs.</summary>
internal sealed class FakeModule : IDisposable
{
    public List<FakeModule> Children { get; } = [];

    public List<object> Parameters { get; } = [];

    public int Number { get; set; }

    public string? Problem { get; init; }

    public int Disposals { get; private set; }

    public void Dispose() => Disposals++;
}

/// <summary>Lets runs take in <see cref="FakeModule"/>s.</summary>
internal sealed class FakeModuleAdapter : StateAdapter
{
    private static readonly FakeModuleAdapter Instance = new();

    public static void MakeKnown() => Add(Instance);

    public override bool Handles(object target) => target is FakeModule;

    public override IEnumerable<object> PartsOf(object target) => [.. ((FakeModule)target).Children, .. ((FakeModule)target).Parameters];

    public override string? FindProblem(object target) => ((FakeModule)target).Problem;

    public override void SaveState(object target, Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        Write(writer, (FakeModule)target);
    }

    public override void LoadState(object target, Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        Read(reader, (FakeModule)target);
    }

    private static void Write(BinaryWriter writer, FakeModule module)
    {
        writer.Write(module.Number);
        module.Children.ForEach(child => Write(writer, child));
    }

    private static void Read(BinaryReader reader, FakeModule module)
    {
        module.Number = reader.ReadInt32();
        module.Children.ForEach(child => Read(reader, child));
    }
}
