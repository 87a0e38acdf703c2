using Orchestrator.Storage;

namespace Orchestrator.Tests.Experiments;

/// <summary>What experiments promise: numbers as in the list of promises. Those that need processes are end-to-end tests.</summary>
public sealed class ExperimentPromises : IAsyncDisposable
{
    private readonly ExperimentBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private sealed class MineForPromise01(BenchConfiguration c, IServiceProvider services, ExperimentOptions? options = null) : Experiment<BenchConfiguration>(c, services, options);

    private sealed record ConfigurationForPromise01(int A);

    [Fact]
    public async Task Promise01_NameAndLabels_AreKeptAndTheNameIsUniqueAmongTheLiving()
    {
        var mine = new MineForPromise01(new(), _bench.Services, new() { Tags = { "My Tag" }, Project = "p", Description = "d" });
        Assert.Equal(nameof(MineForPromise01), mine.Name);
        mine.Trackers.Clear();
        var run = await mine.RunAsync(_ => Task.CompletedTask);
        var (_, stored) = (await (await _bench.Store).FindSweepAsync(run.Sweep))!.Value;
        Assert.Equal(("MineForPromise01", "p", "d", "my_tag"), (stored.Name, stored.Project, stored.Description, Assert.Single(stored.Tags)));

        var taken = Assert.Throws<ExperimentNameTakenException>(() => new MineForPromise01(new(), _bench.Services));
        Assert.Contains(nameof(MineForPromise01), taken.Message, StringComparison.Ordinal);
        await using var elsewhere = new ExperimentBench();
        await using var otherHome = new MineForPromise01(new(), elsewhere.Services);
        await using var otherConfiguration = new MineForPromise01(new(2), _bench.Services);
        await mine.DisposeAsync();
        await using var again = new MineForPromise01(new(), _bench.Services);
        await using var direct = new Experiment<ConfigurationForPromise01>(new(1), _bench.Services);
        Assert.Equal(nameof(ConfigurationForPromise01), direct.Name);
    }

    [Fact]
    public async Task Promise02_ChangedValueInTheConfiguration_IsAnotherIdentity()
    {
        var name = ExperimentBench.NewName();
        async Task<(string Identity, RunRecord Run)> RunAsync(BenchConfiguration configuration)
        {
            await using var experiment = _bench.New(configuration, new() { Name = name });
            return (experiment.Identity, await experiment.RunAsync(_ => Task.CompletedTask));
        }

        var first = await RunAsync(new());
        var same = await RunAsync(new());
        var other = await RunAsync(new() { Optimizer = new("adam", [0.9, 0.999]) });
        Assert.Equal((first.Identity, first.Run.Sweep), (same.Identity, same.Run.Sweep));
        Assert.NotEqual(first.Identity, other.Identity);
        Assert.NotEqual(first.Run.Sweep, other.Run.Sweep);
        Assert.Matches("^[0-9a-f]{16}$", first.Identity);
        var found = await (await _bench.Store).ListSweepsAsync(new() { Identity = other.Identity }).ToListAsync();
        Assert.Equal(other.Run.Sweep, Assert.Single(found).Id);
        Assert.Equal(["learningRate=0.1", "hidden=64", "optimizer.name=adam", "optimizer.betas=[0.9,0.999]"], other.Run.Parameters.Select(p => $"{p.Key}={p.Value}"));
    }

    private interface IRule;

    private abstract record Layer;

    private sealed record Dense(int Units) : Layer;

    private sealed record Conv(int Units) : Layer;

    private sealed record Decay(double Rate) : IRule;

    private sealed record Step(double Rate) : IRule;

    private class Optimizer
    {
        public double Rate { get; set; } = 1;
    }

    private sealed class Momentum : Optimizer
    {
        public double Beta { get; set; }
    }

    private sealed record OpenConfiguration(IRule Rule, Optimizer Optimizer, Layer[] Layers);

    [Fact]
    public async Task Promise02_ValueBehindAnInterfaceOrABaseClass_IsPartOfTheConfiguration()
    {
        var name = ExperimentBench.NewName();
        OpenConfiguration[] all =
        [
            new(new Decay(1), new Optimizer(), [new Dense(1)]),
            new(new Decay(2), new Optimizer(), [new Dense(1)]),
            new(new Step(1), new Optimizer(), [new Dense(1)]),
            new(new Decay(1), new Momentum { Beta = 1 }, [new Dense(1)]),
            new(new Decay(1), new Momentum { Beta = 2 }, [new Dense(1)]),
            new(new Decay(1), new Optimizer(), [new Dense(2)]),
            new(new Decay(1), new Optimizer(), [new Conv(1)]),
        ];
        var identities = new List<string>();
        foreach (var configuration in all)
        {
            await using var experiment = new Experiment<OpenConfiguration>(configuration, _bench.Services, new() { Name = name });
            identities.Add(experiment.Identity);
            experiment.Trackers.Clear();
            var run = await experiment.RunAsync(_ => Task.CompletedTask);
            Assert.Equal(configuration.Rule is Decay ? "Decay" : "Step", run.Parameters["rule.$type"].AsText());
        }

        Assert.Equal(all.Length, identities.Distinct().Count());
    }

    private sealed class Broken
    {
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "Static members are no part of a configuration.")]
        public int Value => throw new IOException("boom");
    }

    [Fact]
    public void Promise01_ConfigurationThatCannotBeKept_IsAnErrorThatSaysSoAndLeavesTheNameFree()
    {
        var name = ExperimentBench.NewName();
        var broken = Assert.Throws<ArgumentException>(() => new Experiment<Broken>(new(), _bench.Services, new() { Name = name }));
        Assert.Contains("boom", broken.Message, StringComparison.Ordinal);
        var twice = new Dictionary<string, object> { ["a.b"] = 1, ["a"] = new Dictionary<string, object> { ["b"] = 2 } };
        var error = Assert.Throws<ArgumentException>(() => new Experiment<Dictionary<string, object>>(twice, _bench.Services, new() { Name = name }));
        Assert.Contains("'a.b'", error.Message, StringComparison.Ordinal);
        _ = new Experiment<string>("fine", _bench.Services, new() { Name = name });
    }

    [Fact]
    public async Task Promise03_BlockAndByHand_LeaveTheSameRecord()
    {
        var experiment = _bench.New();
        var block = await experiment.RunAsync(run =>
        {
            run.LogMetric("loss", 0.5);
            return Task.CompletedTask;
        });
        RunRecord stopped;
        {
            var run = await experiment.StartRunAsync();
            Assert.Same(run, RunContext.Current);
            run.LogMetric("loss", 0.5);
            stopped = await run.StopAsync();
            Assert.Null(RunContext.Current);
        }

        string id;
        await using (var run = await experiment.StartRunAsync())
        {
            id = run.Id;
            run.LogMetric("loss", 0.5);
            run.Complete();
        }

        var disposed = (await experiment.FindRunAsync(id))!;
        RunRecord[] all = [block, stopped, disposed];
        Assert.Equal([0L, 1, 2], all.Select(r => r.Number));
        Assert.All(all, r => Assert.Equal(
            (RunState.Completed, block.Sweep, 1, 0.5, null), (r.State, r.Sweep, r.Attempts, r.Metrics["loss"], r.Failure)));
        Assert.Equal(await _bench.EventsAsync(block), await _bench.EventsAsync(stopped));
        Assert.Equal(["run.queued", "run.running", "run.completed"], await _bench.EventsAsync(disposed));
        Assert.Empty(_bench.Warnings);
    }

    [Fact]
    public async Task Promise03_StopFromTheExperiment_StopsTheFlowsRun()
    {
        var experiment = _bench.New();
        var run = await experiment.StartRunAsync();
        Assert.Equal(run.Id, (await experiment.StopRunAsync())!.Id);
        Assert.True(run.HasEnded);
    }

    [Fact]
    public async Task Promise04_Ids_AreTimestampsOrOnesOwnAndDistinct()
    {
        var experiment = _bench.New();
        var runs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => experiment.RunAsync(_ => Task.CompletedTask)));
        Assert.All(runs, r => Assert.Matches("^[0-9]{8}-[0-9]{6}-[0-9]{6}$", r.Id));
        Assert.Equal(1000, runs.Select(r => r.Id).Distinct().Count());

        await experiment.RunAsync(_ => Task.CompletedTask, new() { Id = "mine" });
        var before = await CountsAsync();
        var error = await Assert.ThrowsAsync<RunExistsException>(() => experiment.RunAsync(_ => Task.CompletedTask, new() { Id = "mine" }));
        Assert.Contains("'mine'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await CountsAsync());
        Assert.Equal(1, (await experiment.FindRunAsync("mine"))!.Attempts);

        async Task<RunCounts> CountsAsync() => (await (await _bench.Store).FindSweepAsync(runs[0].Sweep))!.Value.Sweep.Counts;
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("with space")]
    [InlineData("--help")]
    [InlineData("a.")]
    public async Task Promise04_IdThatIsNoGoodName_IsRefused(string id)
    {
        var experiment = _bench.New();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => experiment.RunAsync(_ => Task.CompletedTask, new() { Id = id }));
        Assert.Null(RunContext.Current);
        await experiment.RunAsync(_ => Task.CompletedTask); // the flow is free again
    }

    [Fact]
    public async Task Promise05_ResumeThatRepeatsSteps_ReplacesWhatWasReportedOfThem()
    {
        var experiment = _bench.New();
        var record = await experiment.RunAsync(run => Log(run, 0, 5));
        record = await experiment.RunAsync(run => Log(run, 3, 6), new() { Resume = true, Id = record.Id });

        Assert.Equal([0L, 1, 2, 3, 4, 5], (await _bench.SeriesAsync(record)).Select(p => p.Step));
        Assert.Equal((6L, 15.0), (await _bench.DetailsAsync(record)).Metrics["loss"] is var m ? (m.Count, m.Sum) : default);

        static Task Log(RunContext run, int from, int to)
        {
            for (var step = from; step < to; step++)
                run.Report(step, ("loss", step));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Promise05_Resume_OpensTheRunAlsoFromAFreshProcess()
    {
        var name = ExperimentBench.NewName();
        string first, last;
        await using (var bench = new ExperimentBench(_bench.Home))
        {
            var experiment = bench.New(options: new() { Name = name });
            first = (await experiment.RunAsync(run => Log(run, 1))).Id;
            last = (await experiment.RunAsync(run => Log(run, 2))).Id;
            await bench.New().RunAsync(_ => Task.CompletedTask); // another experiment's run is later
        }

        var again = _bench.New(options: new() { Name = name });
        var resumedLast = await again.RunAsync(run => Log(run, 3), new() { Resume = true });
        var resumedFirst = await again.RunAsync(run => Log(run, 4), new() { Resume = true, Id = first });
        Assert.Equal((last, 2, first, 2), (resumedLast.Id, resumedLast.Attempts, resumedFirst.Id, resumedFirst.Attempts));
        Assert.Equal([(0L, 2.0), (1L, 3.0)], (await _bench.SeriesAsync(resumedLast)).Select(p => (p.Step, p.Value)));
        Assert.Equal((2L, 5.0), (await _bench.DetailsAsync(resumedLast)).Metrics["loss"] is var m ? (m.Count, m.Sum) : default);
        Assert.Empty(_bench.Warnings);

        static Task Log(RunContext run, double value)
        {
            run.LogMetric("loss", value);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Promise05_NothingToResume_IsAWarningAndANewRun()
    {
        var experiment = _bench.New();
        var run = await experiment.RunAsync(_ => Task.CompletedTask, new() { Resume = true });
        Assert.Equal(1, run.Attempts);
        Assert.Contains("nothing to resume", Assert.Single(_bench.Warnings), StringComparison.Ordinal);
        Assert.Equal("mine", (await experiment.RunAsync(_ => Task.CompletedTask, new() { Resume = true, Id = "mine" })).Id);
    }

    [Fact]
    public async Task Promise05_ResumeOfARunThatIsHeldElsewhere_IsRefused()
    {
        var name = ExperimentBench.NewName();
        var experiment = _bench.New(options: new() { Name = name });
        var held = await Task.Run(() => experiment.StartRunAsync(new() { Id = "mine" }));
        await Assert.ThrowsAsync<RunNotResumableException>(() => experiment.RunAsync(_ => Task.CompletedTask, new() { Resume = true }));
        var other = await Assert.ThrowsAsync<RunNotResumableException>(
            () => _bench.New(new(LearningRate: 7)).RunAsync(_ => Task.CompletedTask, new() { Resume = true, Id = "mine" }));
        Assert.Contains("another", other.Message, StringComparison.Ordinal);
        held.LogMetric("loss", 1);
        Assert.Equal((RunState.Completed, 1, 1.0), await held.StopAsync() is var r ? (r.State, r.Attempts, r.Metrics["loss"]) : default);
    }

    [Fact]
    public async Task Promise06_CorruptRegistry_IsALoudErrorThatKeepsTheBytes()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-experiment-");
        byte[] bytes = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 31))];
        var file = Path.Combine(home.FullName, "orchestrator.db");
        await File.WriteAllBytesAsync(file, bytes);

        await using (var experiment = new Experiment<BenchConfiguration>(new(), new ExperimentOptions { Name = ExperimentBench.NewName(), Home = home.FullName }))
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => experiment.RunAsync(_ => Task.CompletedTask));
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
            Assert.Null(RunContext.Current);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task Promise07_RunThatNobodyStopped_ReadsWorkerLost()
    {
        var experiment = _bench.New();
        var run = await experiment.StartRunAsync();
        await experiment.DisposeAsync();
        var found = (await _bench.New().FindRunAsync(run.Id))!;
        Assert.Equal((RunState.Failed, FailureKind.WorkerLost), (found.State, found.Failure!.Kind));
    }

    [Fact]
    public async Task Promise07_SessionThatIsGone_IsFoundByWhoeverLooks()
    {
        var experiment = _bench.New();
        var record = await experiment.RunAsync(_ => Task.CompletedTask);
        var store = await _bench.Store;
        var (key, _) = (await store.FindSweepAsync(record.Sweep))!.Value;
        foreach (var (id, session) in new[] { ("a", "1-dead"), ("b", "1-dead"), ("c", await LivingSessionAsync()) })
        {
            await store.AppendAsync(new HeldRunStarted
            {
                Experiment = key, ExperimentId = record.Sweep, Id = id, Seed = 0, Parameters = new([]), Lease = 1, Worker = "w", Session = session, At = DateTimeOffset.UtcNow,
            });
        }

        await store.FlushAsync();
        var states = await experiment.RunsAsync().Where(r => r.Id.Length == 1).Select(r => (r.Id, r.State, r.Failure?.Kind)).ToListAsync();
        Assert.Equal([("a", RunState.Failed, FailureKind.WorkerLost), ("b", RunState.Failed, FailureKind.WorkerLost), ("c", RunState.Running, null)], states);

        async Task<string> LivingSessionAsync()
        {
            await using var run = await experiment.StartRunAsync();
            run.Complete();
            return Assert.Single(await store.RunningHeldAsync()).Session;
        }
    }

    [Fact]
    public async Task Promise07_StoreThatCannotBeOpened_IsLetGoOf()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-experiment-");
        await File.WriteAllTextAsync(Path.Combine(home.FullName, "orchestrator.db"), "no database at all");
        var experiment = new Experiment<BenchConfiguration>(new(), new ExperimentOptions { Name = ExperimentBench.NewName(), Home = home.FullName });
        await Assert.ThrowsAsync<StoreException>(() => experiment.StartRunAsync());
        await experiment.DisposeAsync();
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task Promise07_OldSessionsThatHeldNoRun_AreForgottenAndLivingOnesKept()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Home, "sessions")).FullName;
        var (dead, fresh, held) = (Path.Combine(folder, "1-dead.lock"), Path.Combine(folder, "2-fresh.lock"), Path.Combine(folder, "3-held.lock"));
        foreach (var file in new[] { dead, fresh, held })
            await File.WriteAllTextAsync(file, "");
        foreach (var file in new[] { dead, held })
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
        await using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            await _bench.New().RunAsync(_ => Task.CompletedTask);
        Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(fresh), File.Exists(held)));
    }

    [Fact]
    public async Task Promise08_StoppingEarlyOrTwice_IsAWarningAndNoSecondEvent()
    {
        var experiment = _bench.New();
        Assert.Null(await experiment.StopRunAsync());
        Assert.Contains("no run", Assert.Single(_bench.Warnings), StringComparison.Ordinal);

        var run = await experiment.StartRunAsync();
        var record = await run.StopAsync();
        var again = await run.StopAsync();
        await run.DisposeAsync();
        Assert.Equal((record.Id, record.EndedAt, RunState.Completed), (again.Id, again.EndedAt, again.State));
        Assert.Contains("stopped already", _bench.Warnings.Last(), StringComparison.Ordinal);
        Assert.Equal(["run.queued", "run.running", "run.completed"], await _bench.EventsAsync(record));
    }

    [Fact]
    public async Task Promise08_RunInsideARun_IsRefusedAndLeavesTheOuterOneWhole()
    {
        var (experiment, other) = (_bench.New(), _bench.New());
        await using var outer = await experiment.StartRunAsync();
        foreach (var inner in new Func<Task>[] { () => experiment.StartRunAsync(), () => other.RunAsync(_ => Task.CompletedTask), () => Task.Run(() => other.StartRunAsync()) })
            Assert.Equal(outer.Id, (await Assert.ThrowsAsync<NestedRunException>(inner)).Outer);
        Assert.Equal(3, _bench.Warnings.Count);
        Assert.Same(outer, RunContext.Current);
        outer.LogMetric("loss", 1);
        var record = await outer.StopAsync();
        Assert.Equal(["run.queued", "run.running", "run.completed"], await _bench.EventsAsync(record));
        Assert.Equal(1, (await (await _bench.Store).FindSweepAsync(record.Sweep))!.Value.Sweep.Counts.Total);
    }

    [Fact]
    public async Task Promise08_SecondStartWhileTheFirstIsBeginning_IsRefused()
    {
        var experiment = _bench.New();
        var first = experiment.StartRunAsync();
        await Assert.ThrowsAsync<NestedRunException>(() => experiment.StartRunAsync());
        await (await first).StopAsync();
    }

    [Fact]
    public async Task Promise08_RunInsideASweepsRun_IsRefused()
    {
        await using var bench = new Support.SweepBench();
        await using var experiment = new Experiment<BenchConfiguration>(new(), bench.Services, new() { Name = ExperimentBench.NewName() });
        var result = await bench.RunAsync(Support.SweepBench.Definition(1), async (run, _) =>
        {
            await Assert.ThrowsAsync<NestedRunException>(() => experiment.RunAsync(_ => Task.CompletedTask));
            run.Report(0, ("loss", 1));
        });
        Assert.Equal(1, result.Sweep.Counts.Completed);
    }

    [Fact]
    public async Task Promise09_Configuration_IsReadFromAnywhereInTheFlow()
    {
        var outside = Assert.Throws<NoActiveRunException>(() => Experiment<BenchConfiguration>.Current);
        Assert.Contains(nameof(BenchConfiguration), outside.Message, StringComparison.Ordinal);

        var experiments = Enumerable.Range(0, 8).Select(i => _bench.New(new(Hidden: i))).ToList();
        var seen = await Task.WhenAll(experiments.Select(async (e, i) =>
        {
            var hidden = -1;
            await e.RunAsync(async _ =>
            {
                await Task.Yield();
                hidden = await Task.Run(() => Deep(5));
            });
            return (i, hidden);
        }));
        Assert.All(seen, s => Assert.Equal(s.i, s.hidden));
        await experiments[0].RunAsync(_ =>
        {
            Assert.Contains("String", Assert.Throws<NoActiveRunException>(() => Experiment<string>.Current).Message, StringComparison.Ordinal);
            return Task.CompletedTask;
        });

        static int Deep(int depth) => depth == 0 ? Experiment<BenchConfiguration>.Current.Hidden : Deep(depth - 1);
    }

    [Fact]
    public async Task Promise09_TaskThatOutlivesItsRun_SeesNone()
    {
        var experiment = _bench.New();
        var over = new TaskCompletionSource();
        Task<bool>? late = null;
        await experiment.RunAsync(_ =>
        {
            late = Task.Run(async () =>
            {
                await over.Task;
                return RunContext.Current is null;
            });
            return Task.CompletedTask;
        });
        over.SetResult();
        Assert.True(await late!);
    }
}
