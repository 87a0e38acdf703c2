using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;
using Orchestrator.Tracking;

namespace Orchestrator.Tests.Experiments;

/// <summary>What a run promises, inside and at its end: numbers as in the list of promises.</summary>
public sealed class RunPromises : IAsyncDisposable
{
    private readonly ExperimentBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Promise11_TrackerSet_IsChangedBeforeTheRunAndRefusesWhatMakesNoSense()
    {
        var heard = new List<string>();
        await using var bench = StillBench(new ManualTime());
        var experiment = bench.New();
        experiment.Trackers.Add("mine", _ => new Hearing(heard)).Add("csv");
        Assert.Contains("'csv'", Assert.Throws<ArgumentException>(() => experiment.Trackers.Add("csv")).Message, StringComparison.Ordinal);
        Assert.Contains("mine, csv", Assert.Throws<ArgumentException>(() => experiment.Trackers.Remove("console")).Message, StringComparison.Ordinal);

        var first = await experiment.RunAsync(run => Log(run, 1));
        experiment.Trackers.Remove("mine");
        var second = await experiment.RunAsync(run => Log(run, 2));

        Assert.Equal(["loss=1", "Completed"], heard);
        foreach (var (run, value) in new[] { (first, 1), (second, 2) })
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(bench.Home, run.Directory, "metrics.csv"));
            Assert.Equal("step,metric,value,time", lines[0]);
            Assert.StartsWith($"0,loss,{value},", Assert.Single(lines[1..]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Promise11_DefaultSet_IsTheConsoleOrWhatIsConfigured()
    {
        await using var experiment = new Experiment<BenchConfiguration>(new(), _bench.Services, new() { Name = ExperimentBench.NewName() });
        Assert.Equal(["console"], experiment.Trackers.Select(t => t.Type));
        experiment.Trackers.Remove("console").Add("tensorbord");
        var error = await Assert.ThrowsAsync<ArgumentException>(() => experiment.RunAsync(_ => Task.CompletedTask));
        Assert.Contains("tensorbord", error.Message, StringComparison.Ordinal);
        Assert.Contains("csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promise11_TrackerThatCannotBe_IsNotInTheSetAndItsOptionsAreChecked()
    {
        var experiment = _bench.New();
        Assert.Throws<ArgumentNullException>(() => experiment.Trackers.Add((string)null!, _ => new Hearing([])));
        Assert.Throws<ArgumentException>(() => experiment.Trackers.Add("", _ => new Hearing([])));
        Assert.Empty(experiment.Trackers);
        experiment.Trackers.Add(new TrackerReference("csv") { Options = new Dictionary<string, ParameterValue> { ["nonsense"] = 1 } });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => experiment.RunAsync(_ => Task.CompletedTask));
        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);
        Assert.Empty(await experiment.RunsAsync().ToListAsync());
    }

    [Fact]
    public async Task Promise18_ExportToADevice_WritesToItAndLeavesItADevice()
    {
        // A name in /proc leads to a file of one's own: a mistake here must not cost the machine a device.
        var file = Path.Combine(_bench.Home, "behind");
        await using var behind = new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        var experiment = _bench.New();
        await experiment.RunAsync(_ => Task.CompletedTask);
        Assert.Equal(1, await experiment.ExportAsync($"/proc/self/fd/{behind.SafeFileHandle.DangerousGetHandle()}"));
        Assert.True(behind.Length > 0); // the very file, not one that took its place
    }

    [Fact]
    public async Task Promise12_NamesTagsAttributesAndProject_AreAsGivenOrMade()
    {
        var experiment = _bench.New(options: new() { Tags = { "Base" }, Attributes = { ["owner"] = "me" } });
        var plain = await experiment.RunAsync(_ => Task.CompletedTask);
        var given = await experiment.RunAsync(
            run =>
            {
                run.AddTag("später: überall!");
                run.AddTag("a/b@c.d-e");
                run.AddTag("BASE");
                return Task.CompletedTask;
            },
            new() { Name = "Exactly This Name!", Project = "other", Tags = { "Run 1" }, Attributes = { ["owner"] = "you" } });

        Assert.Matches("^[a-z]+-[a-z]+-[1-9][0-9]{2}$", plain.Name);
        Assert.Equal(("Default", "me"), (plain.Project, plain.Attributes["owner"].AsText()));
        Assert.Equal(("Exactly This Name!", "other", "you"), (given.Name, given.Project, given.Attributes["owner"].AsText()));
        Assert.Equal(["base", "run_1", "später__überall_", "a/b@c.d-e"], given.Tags);
    }

    [Fact]
    public async Task Promise12_LabelThatCannotBe_IsRefusedBeforeTheRunIsRecorded()
    {
        var experiment = _bench.New();
        ParameterValue deep = 1;
        for (var i = 0; i < 60; i++)
            deep = ParameterValue.FromList(deep);
        foreach (var options in new RunOptions[]
                 {
                     new() { Tags = { " " } }, new() { Tags = { null! } }, new() { Attributes = { [""] = 1 } }, new() { Attributes = { ["a"] = deep } },
                     new() { Parameters = { [""] = 1 } }, new() { Parameters = { ["a"] = deep } }, new() { Tags = { new string('t', 1001) } },
                 })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => experiment.RunAsync(_ => Task.CompletedTask, options));
            Assert.Null(RunContext.Current);
        }

        Assert.Empty(await experiment.RunsAsync().ToListAsync());
    }

    [Fact]
    public async Task Promise13_ParametersAndAttributes_LastWriteWinsAndNestedValuesReadBack()
    {
        var nested = ParameterValue.FromMap([new("list", ParameterValue.FromList(1, 2.0, "three")), new("none", ParameterValue.Null)]);
        var experiment = _bench.New();
        var record = await experiment.RunAsync(
            run =>
            {
                run.SetParameter("nested", 1);
                run.SetParameter("nested", nested);
                run.SetParameter("hidden", 128);
                run.SetAttribute("a", nested);
                run.SetAttribute("b", 1);
                run.SetAttribute("b", 2);
                Assert.Equal((128, 0.5, nested), (run.Parameters.Get<int>("hidden"), run.Parameters.Get<double>("given"), run.Parameters["nested"]));
                return Task.CompletedTask;
            },
            new() { Parameters = { ["given"] = 0.5 } });

        Assert.Equal(["learningRate", "hidden", "optimizer.name", "optimizer.betas", "given", "nested"], record.Parameters.Names);
        Assert.Equal((nested, 128, nested, 2), (record.Parameters["nested"], record.Parameters["hidden"], record.Attributes["a"], record.Attributes["b"]));
    }

    [Fact]
    public async Task Promise13_Metrics_HaveValueStepTimeAndAggregations()
    {
        var experiment = _bench.New();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var record = await experiment.RunAsync(run =>
        {
            run.LogMetric("accuracy", 0.9);
            run.LogMetric("accuracy", 0.8);
            run.Report(10, ("sum", 5), ("other", 1));
            run.Report(20, ("sum", -3));
            run.LogMetric("sum", 2);
            run.LogMetric("mixed", 1);
            run.Report(100, ("mixed", 2));
            run.LogMetric("mixed", 3);
            return Task.CompletedTask;
        });

        var metrics = (await _bench.DetailsAsync(record)).Metrics;
        Assert.Equal(0.85, metrics["accuracy"].Average, 12);
        Assert.Equal((4.0, -3.0, 5.0, 3L), (metrics["sum"].Sum, metrics["sum"].Min, metrics["sum"].Max, metrics["sum"].Count));
        var series = await _bench.SeriesAsync(record);
        Assert.Equal([("accuracy", 0L), ("accuracy", 1), ("sum", 10), ("other", 10), ("sum", 20), ("sum", 21), ("mixed", 0), ("mixed", 100), ("mixed", 101)], series.Select(p => (p.Metric, p.Step)));
        Assert.All(series, p => Assert.InRange(p.At, before, DateTimeOffset.UtcNow.AddSeconds(1)));
    }

    [Fact]
    public async Task Promise14_NestedTasks_HaveMetricsTimingAndFailureOfTheirOwn()
    {
        var experiment = _bench.New();
        var record = await experiment.RunAsync(async run =>
        {
            using (var task = run.StartTask("t"))
            {
                task.LogMetric("m", 1);
                using var inner = task.StartTask("u");
                inner.Report(3, ("m", 2));
            }

            await Assert.ThrowsAsync<InvalidOperationException>(() => run.RunTaskAsync("bad", _ => throw new InvalidOperationException("no")));
        });

        Assert.Equal(["t.m=1", "t.u.m=2"], record.Metrics.Select(m => $"{m.Key}={m.Value}"));
        Assert.Equal(RunState.Completed, record.State);
        var tasks = (await _bench.DetailsAsync(record)).Tasks;
        Assert.Equal(["t", "t.u", "bad"], tasks.Select(t => t.Name));
        Assert.All(tasks, t => Assert.True(t.EndedAt >= t.StartedAt));
        Assert.Equal([null, null, "no"], tasks.Select(t => t.Failure?.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promise14_TaskInAUsing_HasTheFailureThatLeavesItAndNoneThatWasHandled(bool block)
    {
        var experiment = _bench.New();
        async Task Body(RunContext run)
        {
            using (run.StartTask("handled"))
            {
                await Task.Yield();
                try
                {
                    throw new IOException("handled");
                }
                catch (IOException)
                {
                }
            }

            try
            {
                using (run.StartTask("left"))
                {
                    await Task.Yield();
                    throw new InvalidDataException("left");
                }
            }
            catch (InvalidDataException)
            {
                using var inCatch = run.StartTask("in a catch");
            }
        }

        RunRecord record;
        if (block)
        {
            record = await experiment.RunAsync(Body);
        }
        else
        {
            var run = await experiment.StartRunAsync();
            await Body(run);
            record = await run.StopAsync();
        }

        var tasks = (await _bench.DetailsAsync(record)).Tasks;
        Assert.Equal(["handled:", "left:left", "in a catch:"], tasks.Select(t => $"{t.Name}:{t.Failure?.Message}"));
    }

    [Fact]
    public async Task Promise13_ValueThatCannotBeKept_IsRefusedInTheRunThatSetsItAndHurtsNobody()
    {
        var experiment = _bench.New();
        ParameterValue deep = 1, deepest = 1;
        for (var i = 0; i < 50; i++)
            deepest = ParameterValue.FromList(deepest);
        for (var i = 0; i < 5000; i++)
            deep = ParameterValue.FromMap([new("a", deep)]);
        var record = await experiment.RunAsync(
            run =>
            {
                Assert.Contains("'bad'", Assert.Throws<ArgumentException>(() => run.SetAttribute("bad", deep)).Message, StringComparison.Ordinal);
                Assert.Contains("'bad'", Assert.Throws<ArgumentException>(() => run.SetParameter("bad", deep)).Message, StringComparison.Ordinal);
                Assert.Contains("artifact", Assert.Throws<ArgumentException>(() => run.SetAttribute("bad", new string('x', 16_000_001))).Message, StringComparison.Ordinal);
                run.SetAttribute("deepest", deepest);
                return Task.CompletedTask;
            },
            new() { Parameters = { ["deepest"] = deepest } });
        Assert.Equal((RunState.Completed, deepest, deepest), (record.State, record.Attributes["deepest"], record.Parameters["deepest"]));
    }

    [Fact]
    public async Task Promise14_Artifacts_AreCopiedOnceWithTheirHash()
    {
        var source = Directory.CreateTempSubdirectory("orchestrator-artifacts-");
        Directory.CreateDirectory(Path.Combine(source.FullName, "sub"));
        await File.WriteAllTextAsync(Path.Combine(source.FullName, "a.txt"), "same");
        await File.WriteAllTextAsync(Path.Combine(source.FullName, "sub", "b.txt"), "same");
        var experiment = _bench.New();
        var record = await experiment.RunAsync(async run =>
        {
            await run.AddArtifactAsync(Path.Combine(source.FullName, "a.txt"));
            await run.AddArtifactAsync(source.FullName, "all");
            await run.AddArtifactAsync(new MemoryStream("other"u8.ToArray()), "a.txt");
            await Assert.ThrowsAsync<ArgumentException>(() => run.AddArtifactAsync(new MemoryStream(), "../out.txt"));
        });
        source.Delete(recursive: true);

        var artifacts = (await _bench.DetailsAsync(record)).Artifacts;
        Assert.Equal(["a.txt", "all/a.txt", "all/sub/b.txt"], artifacts.Select(a => a.Name));
        Assert.Equal([Hash("other"), Hash("same"), Hash("same")], artifacts.Select(a => a.Sha256));
        Assert.Equal([5L, 4, 4], artifacts.Select(a => a.Bytes));
        var folder = Path.Combine(_bench.Home, record.Directory);
        Assert.Equal(["other", "same", "same"], artifacts.Select(a => File.ReadAllText(Path.Combine(folder, a.Path))));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "artifacts"), "*", SearchOption.AllDirectories).Length);

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task Promise14_ArtifactOfAnEarlierAttempt_IsNotCopiedAgain()
    {
        var experiment = _bench.New();
        await experiment.RunAsync(run => run.AddArtifactAsync(new MemoryStream("x"u8.ToArray()), "m.bin"), new() { Id = "one" });
        var record = await experiment.RunAsync(run => run.AddArtifactAsync(new MemoryStream("x"u8.ToArray()), "m.bin"), new() { Id = "one", Resume = true });
        Assert.Single(Directory.GetFiles(Path.Combine(_bench.Home, record.Directory, "artifacts")));
        Assert.Single((await _bench.DetailsAsync(record)).Artifacts);

        var half = Path.Combine(_bench.Home, record.Directory, "artifacts", $".{Guid.NewGuid():N}.tmp"); // as a killed process leaves it
        await File.WriteAllTextAsync(half, "hal");
        await experiment.RunAsync(run => run.AddArtifactAsync(new MemoryStream("y"u8.ToArray()), "my.tmp"), new() { Id = "one", Resume = true });
        Assert.Equal(["m.bin", "my.tmp"], Directory.GetFiles(Path.GetDirectoryName(half)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Promise15_LoggingOutsideARun_WarnsAndDoesNothing()
    {
        var said = new List<string>();
        var mine = new AsyncLocal<bool> { Value = true }; // the event is everybody's
        void Hear(string member)
        {
            if (mine.Value)
                said.Add(member);
        }

        CurrentRun.CalledOutside += Hear;
        CurrentRun.LogMetric("loss", 1);
        CurrentRun.SetAttribute("a", 1);
        CurrentRun.AddTag("t");
        await CurrentRun.AddArtifactAsync("nowhere");
        CurrentRun.CalledOutside -= Hear;
        Assert.Equal(["LogMetric", "SetAttribute", "AddTag", "AddArtifactAsync"], said);
        var record = await _bench.New().RunAsync(_ =>
        {
            CurrentRun.LogMetric("loss", 2);
            return Task.CompletedTask;
        });
        Assert.Equal(2, record.Metrics["loss"]);
    }

    [Fact]
    public async Task Promise15_ReportsAfterTheEnd_AreNotKept()
    {
        var experiment = _bench.New();
        var run = await experiment.StartRunAsync();
        await run.StopAsync();
        run.LogMetric("late", 1);
        run.SetAttribute("late", 1);
        var record = (await experiment.FindRunAsync(run.Id))!;
        Assert.Empty(record.Metrics);
        Assert.Empty(record.Attributes);
    }

    [Fact]
    public async Task Promise16_ExceptionThatLeavesTheBlock_FailsTheRunAndGoesOn()
    {
        var experiment = _bench.New();
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => experiment.RunAsync(run =>
        {
            run.LogMetric("before", 1);
            throw new InvalidDataException("broken");
        }));
        Assert.Equal("broken", thrown.Message);
        var run = Assert.Single(await experiment.RunsAsync().ToListAsync());
        Assert.Equal((RunState.Failed, FailureKind.Exception, "System.IO.InvalidDataException", "broken", 1.0),
            (run.State, run.Failure!.Kind, run.Failure.Type, run.Failure.Message, run.Metrics["before"]));
        Assert.Contains(nameof(RunPromises), run.Failure.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promise16_ExceptionHandledInside_LeavesTheRunCompleted()
    {
        var experiment = _bench.New();
        var record = await experiment.RunAsync(run =>
        {
            try
            {
                throw new InvalidDataException();
            }
            catch (InvalidDataException)
            {
                run.LogMetric("after", 1);
            }

            return Task.CompletedTask;
        });
        Assert.Equal((RunState.Completed, 1.0), (record.State, record.Metrics["after"]));
    }

    [Fact]
    public async Task Promise16_CancellationAndPruning_AreNoFailures()
    {
        var experiment = _bench.New();
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => experiment.RunAsync(
            async run =>
            {
                await source.CancelAsync();
                await Task.Delay(Timeout.Infinite, run.CancellationToken);
            },
            new() { Id = "canceled" }, source.Token));
        using var own = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => experiment.RunAsync(
            async _ =>
            {
                await own.CancelAsync();
                own.Token.ThrowIfCancellationRequested();
            },
            new() { Id = "own" }));
        var pruned = await experiment.RunAsync(
            run =>
            {
                run.LogMetric("loss", 1);
                throw new RunPrunedException();
            });
        await using (var run = await experiment.StartRunAsync(new() { Id = "byHand" }))
            run.Prune();

        Assert.Equal((RunState.Pruned, 1.0, null), (pruned.State, pruned.Metrics["loss"], pruned.Failure));
        foreach (var (id, state) in new[] { ("canceled", RunState.Canceled), ("own", RunState.Canceled), ("byHand", RunState.Pruned) })
            Assert.Equal((state, null), await experiment.FindRunAsync(id) is { } run ? (run.State, run.Failure) : default);
    }

    [Fact]
    public async Task Promise16_LeftWithoutComplete_IsFailedWithTheExceptionOnItsWayOut()
    {
        var experiment = _bench.New();
        async Task LeaveAsync(string id, Exception? exception, Exception? handled = null)
        {
            await using var run = await experiment.StartRunAsync(new() { Id = id });
            try
            {
                if (handled is not null)
                    throw handled;
            }
            catch (InvalidDataException)
            {
                run.LogMetric("handled", 1);
            }

            await Task.Yield();
            if (exception is not null)
                throw exception;
        }

        await LeaveAsync("silent", null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => LeaveAsync("thrown", new InvalidOperationException("out")));
        await LeaveAsync("handled", null, new InvalidDataException("in"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => LeaveAsync("both", new InvalidOperationException("out"), new InvalidDataException("in")));

        foreach (var id in new[] { "thrown", "both" })
            Assert.Equal(("out", FailureKind.Exception), await FailureAsync(id) is var f ? (f.Message, f.Kind) : default);
        foreach (var id in new[] { "silent", "handled" })
            Assert.Contains("left without a word", (await FailureAsync(id)).Message, StringComparison.Ordinal);

        async Task<RunFailure> FailureAsync(string id)
        {
            var run = (await experiment.FindRunAsync(id))!;
            Assert.Equal(RunState.Failed, run.State);
            return run.Failure!;
        }
    }

    [Fact]
    public async Task Promise17_ParallelRuns_KeepTheirOwnValuesAndFailAlone()
    {
        var experiment = _bench.New();
        var tasks = Enumerable.Range(0, 40).Select(i => experiment.RunAsync(
            async run =>
            {
                for (var step = 0; step < 50; step++)
                {
                    await Task.Yield();
                    CurrentRun.LogMetric("i", i);
                }

                if (i == 7)
                    throw new InvalidDataException();
            },
            new() { Id = $"run-{i}" })).ToList();
        await Assert.ThrowsAsync<InvalidDataException>(() => Task.WhenAll(tasks));

        for (var i = 0; i < 40; i++)
        {
            var run = (await experiment.FindRunAsync($"run-{i}"))!;
            Assert.Equal(i == 7 ? RunState.Failed : RunState.Completed, run.State);
            Assert.Equal(Enumerable.Repeat((double)i, 50), (await _bench.SeriesAsync(run)).Select(p => p.Value));
        }
    }

    [Fact]
    public async Task Promise17_RunsOneAfterAnother_ShareNothing()
    {
        var experiment = _bench.New();
        var first = await experiment.RunAsync(run =>
        {
            run.SetParameter("p", 1);
            run.AddTag("t");
            run.LogMetric("m", 1);
            return Task.CompletedTask;
        });
        var second = await experiment.RunAsync(run =>
        {
            run.LogMetric("m", 2);
            return Task.CompletedTask;
        });
        Assert.False(second.Parameters.Contains("p"));
        Assert.Empty(second.Tags);
        Assert.Equal((0L, 2.0), Assert.Single(await _bench.SeriesAsync(second)) is var p ? (p.Step, p.Value) : default);
        Assert.NotEqual(first.Directory, second.Directory);
    }

    [Fact]
    public async Task Promise20_WhatMadeTheResult_IsKeptWithIt()
    {
        var record = await _bench.New(options: new() { Metric = Metric.Minimize("loss") }).RunAsync(
            run =>
            {
                run.LogMetric("loss", 1);
                return Task.CompletedTask;
            },
            new() { Seed = 42 });
        Assert.Equal((42L, 1.0, "cpu"), (record.Seed, record.Objective, record.Device));
        using var environment = JsonDocument.Parse((await _bench.DetailsAsync(record)).Environment!);
        var root = environment.RootElement;
        Assert.Equal(Environment.MachineName, root.GetProperty("host").GetString());
        Assert.Contains(".NET", root.GetProperty("framework").GetString(), StringComparison.Ordinal);
        foreach (var name in new[] { "commit", "dirty", "programVersion", "orchestratorVersion", "os", "devices" })
            Assert.True(root.TryGetProperty(name, out _), name);
        var (_, stored) = (await (await _bench.Store).FindSweepAsync(record.Sweep))!.Value;
        Assert.Contains("\"learningRate\":0.1", stored.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promise18_Export_WritesRunsAndSeriesWithFiltersAndIsWholeOrNothing()
    {
        var file = Path.Combine(_bench.Home, "out.csv");
        var experiment = _bench.New();
        await Assert.ThrowsAsync<InvalidOperationException>(() => experiment.ExportAsync(file));
        for (var i = 0; i < 3; i++)
        {
            await experiment.RunAsync(
                run =>
                {
                    run.LogMetric("loss", i);
                    run.LogMetric("loss", i + 0.5);
                    return Task.CompletedTask;
                },
                new() { Id = $"run-{i}", Tags = { $"t{i}" }, Attributes = { ["owner"] = i == 1 ? "me" : "you" }, Parameters = { ["i"] = i } });
        }

        const string Where = "state == 'completed' and 't1' in tags and i == 1 and attributes.owner == 'me' and metrics.loss > 1";
        Assert.Equal(3, await experiment.ExportAsync(file));
        Assert.Equal(1, await experiment.ExportAsync(file, new() { Where = Where }));
        var lines = await File.ReadAllLinesAsync(file);
        Assert.StartsWith("run_id,run_name,state,", lines[0], StringComparison.Ordinal);
        Assert.All(new[] { "param_learningRate", "param_i", "metric_loss", "tag_t1" }, c => Assert.Contains(c, lines[0].Split(',')));
        Assert.StartsWith("run-1,", Assert.Single(lines[1..]), StringComparison.Ordinal);

        Assert.Equal(2, await experiment.ExportAsync(file, new() { Where = Where, Content = ExportContent.Metrics }));
        lines = await File.ReadAllLinesAsync(file);
        Assert.Equal("run_id,run_name,metric,step,value,time", lines[0]);
        Assert.Equal(["0,1", "1,1.5"], lines[1..].Select(l => string.Join(',', l.Split(',')[3..5])));
        var json = Path.Combine(_bench.Home, "out.jsonl");
        Assert.Equal(2, await experiment.ExportAsync(json, new() { Where = Where, Content = ExportContent.Metrics }));
        Assert.All(await File.ReadAllLinesAsync(json), l => Assert.Equal("run-1", JsonDocument.Parse(l).RootElement.GetProperty("run").GetString()));

        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => experiment.ExportAsync(file, cancellationToken: canceled.Token));
        await Assert.ThrowsAnyAsync<FormatException>(() => experiment.ExportAsync(file, new() { Where = "state = 'x'" }));
        await Assert.ThrowsAsync<IOException>(() => experiment.ExportAsync(_bench.Home));
        Assert.Equal(lines, await File.ReadAllLinesAsync(file));
        Assert.DoesNotContain(Directory.GetFiles(_bench.Home), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promise11_TrackerThatHangs_CostsOneRunAMomentAndTheNextNothing()
    {
        var time = new ManualTime();
        await using var bench = StillBench(time);
        var experiment = bench.New();
        var never = new TaskCompletionSource();
        experiment.Trackers.Add("hangs", _ => new Hanging(never.Task)).Add("csv");
        var first = experiment.RunAsync(run => Log(run, 1));
        await time.TimerSet(due => due == TimeSpan.FromSeconds(1));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var runs = new List<RunRecord> { await first };
        for (var i = 1; i < 5; i++)
            runs.Add(await experiment.RunAsync(run => Log(run, 1)).WaitAsync(TimeSpan.FromMinutes(1))); // the clock stands still
        Assert.All(runs, r => Assert.Equal(RunState.Completed, r.State));
        never.SetResult();
        await bench.Services.GetRequiredService<IRunTrackingFactory>().DrainAsync(); // those of the later runs were not waited for
        foreach (var run in runs)
            Assert.Equal(["step,metric,value,time", "0,loss,1"], await CsvAsync(bench, run));
    }

    [Fact]
    public async Task Promise11_TwoRunsAtOnce_EachHaveCompleteFiles()
    {
        await using var bench = StillBench(new ManualTime());
        var experiment = bench.New();
        experiment.Trackers.Add("csv");
        using var both = new SemaphoreSlim(0);
        var runs = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => experiment.RunAsync(async run =>
        {
            for (var step = 0; step < 500; step++)
            {
                run.LogMetric("loss", i);
                both.Release();
                await both.WaitAsync();
            }
        })));
        for (var i = 0; i < 2; i++)
        {
            var lines = await CsvAsync(bench, runs[i]);
            Assert.Equal(["step,metric,value,time", .. Enumerable.Range(0, 500).Select(step => $"{step},loss,{i}")], lines);
        }
    }

    /// <summary>The lines of the run's file, without the times.</summary>
    private static async Task<string[]> CsvAsync(ExperimentBench bench, RunRecord run)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(bench.Home, run.Directory, "metrics.csv"));
        return [lines[0], .. lines[1..].Select(line => line[..line.LastIndexOf(',')])];
    }

    /// <summary>Trackers are waited for until the clock is advanced, however long this machine takes.</summary>
    private static ExperimentBench StillBench(ManualTime time) => new(configure: orchestrator => orchestrator.Services.AddSingleton<TimeProvider>(time));

    private static Task Log(RunContext run, double value)
    {
        run.LogMetric("loss", value);
        return Task.CompletedTask;
    }

    private sealed class Hanging(Task until) : ITracker
    {
        public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken) => new(until);

        public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken) => default;

        public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Hearing(List<string> heard) : ITracker
    {
        public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken) => default;

        public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
        {
            foreach (var point in points.ToArray())
                heard.Add($"{point.Metric}={point.Value}");
            return default;
        }

        public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken)
        {
            heard.Add(end.State.ToString());
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
