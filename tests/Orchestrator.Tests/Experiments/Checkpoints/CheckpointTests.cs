using Orchestrator.Storage;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Experiments.Checkpoints;

/// <summary>
/// A small training with everything that a checkpoint holds: an object's state, the generator, values. Interrupted in every way it must end as it
/// ends uninterrupted: the same series, the same bytes in the last checkpoint.
/// </summary>
public sealed class CheckpointTests
{
    private const int Steps = 12;

    static CheckpointTests() => FakeModuleAdapter.MakeKnown();

    [Fact]
    public async Task Promise19_FailedAndRetried_EndsAsUninterrupted()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(
            SweepBench.Definition(2, d => d.Retry.MaxAttempts = 4),
            (run, token) => new Training(run) { At = step => step == 3 + (2 * run.Info.Attempt) && run.Info.Attempt < 4 ? throw new IOException("now") : 0 }.RunAsync(token));

        await AssertAsUninterruptedAsync(bench, result, attempts: 4);
        var attempts = await (await bench.Store).AttemptsAsync(result.Id, 0);
        Assert.Equal([null, 4L, 6L, 8L], attempts.Select(a => a.ResumedFrom));
    }

    [Fact]
    public async Task RestoreAsync_ValuesWereReportedAfterTheirCheckpoint_NoneIsLostAndNoneIsTwice()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(
            SweepBench.Definition(1, d => d.Retry.MaxAttempts = 3),
            async (run, token) =>
            {
                for (var step = await run.Checkpoints.RestoreAsync(token) + 1; step <= 6; step++)
                {
                    await run.Checkpoints.SaveAsync(step, token);
                    run.Report(step, ("loss", step), ("other", step));
                    if (step == 2 * run.Info.Attempt && step < 6)
                        throw new IOException("now");
                }
            });

        var store = await bench.Store;
        Assert.Equal([1L, 2, 3, 4, 5, 6], (await store.SeriesAsync(result.Id, 0, "other").ToListAsync()).Select(p => p.Step));
        Assert.Equal((6L, 21.0), (await store.DetailsAsync(result.Id, 0))!.Metrics["loss"] is var m ? (m.Count, m.Sum) : default);
    }

    [Fact]
    public async Task Promise19_KilledAtAnyMoment_EndsAsUninterrupted()
    {
        var copies = new List<string>();
        await using (var bench = new SweepBench())
        {
            // What lies on the disk at each of these moments is what a kill there leaves.
            var whole = await bench.RunAsync(SweepBench.Definition(1), (run, token) => new Training(run)
            {
                At = step =>
                {
                    if (step is 1 or 5 or 8 or 11)
                        copies.Add(bench.CopyOfHome());
                    return 0;
                },
            }.RunAsync(token));
            Assert.Equal((1L, 4), (whole.Counts.Completed, copies.Count));
        }

        foreach (var copy in copies)
        {
            await using var killed = new SweepBench(home: copy);
            var id = (await (await killed.Store).ListSweepsAsync(new SweepQuery()).ToListAsync())[0].Id;
            var result = await killed.ResumeAsync(id, (run, token) => new Training(run).RunAsync(token));

            await AssertAsUninterruptedAsync(killed, result, attempts: null); // the first kill may come before the store knows of the attempt
            Assert.Empty(Directory.EnumerateFiles(copy, "*.tmp", SearchOption.AllDirectories));
        }

        copies.ForEach(c => Directory.Delete(c, recursive: true));
    }

    [Fact]
    public async Task Promise19_CanceledAndResumed_EndsAsUninterrupted()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        var canceled = await bench.RunAsync(SweepBench.Definition(1), (run, token) => new Training(run)
        {
            At = step =>
            {
                if (step == 7)
                {
                    control.Cancel();
                    token.WaitHandle.WaitOne();
                }

                return 0;
            },
        }.RunAsync(token), control: control);
        Assert.Equal(1, canceled.Counts.Canceled);

        var result = await bench.ResumeAsync(canceled.Id, (run, token) => new Training(run).RunAsync(token));

        await AssertAsUninterruptedAsync(bench, result, attempts: 2);
    }

    [Theory]
    [InlineData("torn", 4)]
    [InlineData("tampered", 4)]
    [InlineData("gone", 4)]
    [InlineData("both", null)]
    public async Task Promise19_NewestDamaged_IsPassedOverWithAWarning(string how, int? resumedFrom)
    {
        await using var bench = new SweepBench();
        var folder = "";
        var result = await bench.RunAsync(SweepBench.Definition(1, d => d.Retry.MaxAttempts = 2), (run, token) => new Training(run)
        {
            At = step =>
            {
                if (step != 7 || run.Info.Attempt > 1)
                    return 0;
                folder = run.Directory;
                foreach (var note in run.Checkpoints.Saved.Take(how == "both" ? 2 : 1))
                    Damage(Path.Combine(folder, note.Path), how);
                throw new IOException("now");
            },
        }.RunAsync(token));

        await AssertAsUninterruptedAsync(bench, result, attempts: 2);
        Assert.Equal(resumedFrom, (await (await bench.Store).AttemptsAsync(result.Id, 0))[1].ResumedFrom);
        var log = await File.ReadAllTextAsync(Path.Combine(folder, "run.log"), TestContext.Current.CancellationToken);
        Assert.True(log.Contains("The checkpoint of step 6", StringComparison.Ordinal), log);
    }

    [Fact]
    public async Task Restore_AfterReports_ReplacesWhatTheAttemptReported()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1, d => d.Retry.MaxAttempts = 2), async (run, token) =>
        {
            run.Report(0, ("begin", run.Info.Attempt));
            run.Report(0, ("begin", run.Info.Attempt));
            var step = await run.Checkpoints.RestoreAsync(token);
            run.Report(step + 1, ("loss", 10 - step));
            await run.Checkpoints.SaveAsync(step + 1, token);
            if (run.Info.Attempt == 1)
                throw new IOException("now");
        });

        var series = await (await bench.Store).SeriesAsync(result.Id, 0).ToListAsync();
        Assert.Equal([("begin", 0L, 1.0), ("begin", 0L, 1.0), ("loss", 1L, 10.0), ("loss", 2L, 9.0)], series.Select(p => (p.Metric, p.Step, p.Value)));
    }

    [Fact]
    public async Task Objective_FromBest_KnowsWhatWasReportedBeforeTheCheckpoint()
    {
        await using var bench = new SweepBench();
        var definition = SweepBench.Definition(1, d =>
        {
            d.Retry.MaxAttempts = 2;
            d.Metric = d.Metric! with { From = MetricSource.Best };
        });
        var result = await bench.RunAsync(definition, async (run, token) =>
        {
            if (await run.Checkpoints.RestoreAsync(token) == 0)
            {
                run.Report(1, ("loss", -5));
                await run.Checkpoints.SaveAsync(1, token);
                throw new IOException("now");
            }

            run.Report(2, ("loss", 3));
        });

        Assert.Equal(-5, result.Best!.Objective);
    }

    [Fact]
    public async Task Load_OlderStep_PutsTheStatesBackAndKeepsWhatWasReported()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            run.Checkpoints.KeepLast = 5;
            for (var step = 1; step <= 3; step++)
            {
                run.Checkpoints.Values["step"] = step;
                run.Report(step, ("loss", step));
                await run.Checkpoints.SaveAsync(step, token);
            }

            Assert.True(run.Checkpoints.Load(2));
            Assert.Equal(2, run.Checkpoints.Values["step"]);
            Assert.False(run.Checkpoints.Load(7));
            Assert.Equal(3, await run.Checkpoints.RestoreAsync(token));
        });

        Assert.Equal([1.0, 2, 3], (await (await bench.Store).SeriesAsync(result.Id, 0).ToListAsync()).Select(p => p.Value));
        Assert.Equal(1, result.Counts.Completed);
    }

    [Fact]
    public async Task Retention_LastEveryAndCompleted_FilesAndStoreAgree()
    {
        await using var bench = new SweepBench();
        var during = new List<string>();
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            (run.Checkpoints.KeepLast, run.Checkpoints.KeepEvery, run.Checkpoints.KeepCompleted) = (3, 4, 1);
            for (var step = 1; step <= 11; step++)
            {
                await run.Checkpoints.SaveAsync(step, token);
                during.Add(string.Join(' ', run.Checkpoints.Saved.Select(c => c.Step)));
            }

            await TestRuns.Report(run, token);
        });

        Assert.Equal(["1", "2 1", "3 2 1", "4 3 2", "5 4 3", "6 5 4", "7 6 5 4", "8 7 6 4", "9 8 7 4", "10 9 8 4", "11 10 9 8 4"], during);
        var kept = await (await bench.Store).CheckpointsAsync(result.Id, 0);
        Assert.Equal([11L, 8, 4], kept.Select(c => c.Note.Step));
        Assert.Equal(
            ["step-000004.zip", "step-000008.zip", "step-000011.zip"],
            Directory.EnumerateFiles(bench.Home, "step-*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Save_DiskFull_FailsClearlyAndKeepsTheOneBefore()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            await run.Checkpoints.SaveAsync(1, token);
            run.Checkpoints.OpenFile = path => new FullDisk(path);
            await run.Checkpoints.SaveAsync(2, token);
        });

        var run = Assert.Single(await result.AllAsync());
        Assert.Equal(FailureKind.ResourceLimit, run.Failure!.Kind);
        Assert.Contains("The checkpoint of step 2 could not be written: No space left", run.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("That of step 1 is kept", run.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(await (await bench.Store).CheckpointsAsync(result.Id, 0)).Note.Step);
        Assert.Equal(["step-000001.zip"], Directory.EnumerateFiles(bench.Home, "step-*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Restore_OtherObjectsRegistered_IsAnErrorThatNamesThem()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1, d => d.Retry.MaxAttempts = 2), async (run, token) =>
        {
            run.Register(run.Info.Attempt == 1 ? "old" : "new", new Counter());
            await run.Checkpoints.RestoreAsync(token);
            await run.Checkpoints.SaveAsync(1, token);
            throw new IOException("now");
        });

        var failure = Assert.Single(await result.AllAsync()).Failure!;
        Assert.Equal("Orchestrator.CheckpointException", failure.Type);
        Assert.Contains("'old'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'new'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_WhileAskedToEnd_IsKeptAndResumed()
    {
        await using var bench = new SweepBench();
        var control = new SweepControl();
        var canceled = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            control.Cancel();
            token.WaitHandle.WaitOne();
            await run.Checkpoints.SaveAsync(5, CancellationToken.None);
            token.ThrowIfCancellationRequested();
        }, control: control);
        var from = 0L;
        await bench.ResumeAsync(canceled.Id, async (run, token) =>
        {
            from = await run.Checkpoints.RestoreAsync(token);
            await TestRuns.Report(run, token);
        });

        Assert.Equal(5, from);
    }

    [Fact]
    public async Task Save_AfterTheRunsEnd_CountsForNothing()
    {
        await using var bench = new SweepBench();
        RunContext? late = null;
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            late = run;
            run.Checkpoints.KeepLast = 1;
            await run.Checkpoints.SaveAsync(1, token);
            await TestRuns.Report(run, token);
        });

        await late!.Checkpoints.SaveAsync(2, TestContext.Current.CancellationToken);

        await (await bench.Store).FlushAsync();
        Assert.Equal(1, Assert.Single(await (await bench.Store).CheckpointsAsync(result.Id, 0)).Note.Step);
        Assert.True(File.Exists(Path.Combine(late.Directory, "checkpoints/attempt-1/step-000001.zip")));
        Assert.Throws<InvalidOperationException>(() => late.Register("late", new Counter()));
    }

    [Fact]
    public async Task Save_SameStepTwice_TheSecondCounts()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            await run.Checkpoints.SaveAsync(1, token);
            run.Checkpoints.Values["second"] = true;
            await run.Checkpoints.SaveAsync(1, token);
            run.Checkpoints.Values.Clear();
            Assert.True(run.Checkpoints.Load(1));
            Assert.True(run.Checkpoints.Values["second"].AsBoolean());
            await TestRuns.Report(run, token);
        });

        Assert.Equal(1, result.Counts.Completed);
    }

    private static void Damage(string file, string how)
    {
        using var stream = how == "gone" ? null : File.Open(file, FileMode.Open);
        switch (how)
        {
            case "gone":
                File.Delete(file);
                break;
            case "tampered":
                stream!.Position = stream.Length / 2;
                var there = stream.ReadByte();
                stream.Position--;
                stream.WriteByte((byte)(there ^ 1));
                break;
            default:
                stream!.SetLength(stream.Length - 1);
                break;
        }
    }

    private static async Task AssertAsUninterruptedAsync(SweepBench bench, SweepResult result, int? attempts)
    {
        await using var other = new SweepBench();
        var runs = await result.AllAsync();
        var expected = await other.RunAsync(SweepBench.Definition(runs.Count), (run, token) => new Training(run).RunAsync(token));
        Assert.Equal(runs.Count, result.Counts.Completed);
        foreach (var (run, uninterrupted) in runs.Zip(await expected.AllAsync()))
        {
            Assert.Equal((attempts ?? run.Attempts, 1), (run.Attempts, uninterrupted.Attempts));
            Assert.Equal(uninterrupted.Objective, run.Objective);
            Assert.Equal(uninterrupted.Metrics, run.Metrics);
            Assert.Equal(await SeriesAsync(other, expected, run.Number), await SeriesAsync(bench, result, run.Number));
            Assert.Equal(await LastStateAsync(other, expected, run.Number), await LastStateAsync(bench, result, run.Number));
        }
    }

    private static async Task<List<(string, long, double)>> SeriesAsync(SweepBench bench, SweepResult result, long number) =>
        [.. (await (await bench.Store).SeriesAsync(result.Id, number).ToListAsync()).Select(p => (p.Metric, p.Step, p.Value))];

    private static async Task<(long, string)> LastStateAsync(SweepBench bench, SweepResult result, long number)
    {
        var last = Assert.Single(await (await bench.Store).CheckpointsAsync(result.Id, number)).Note;
        return (last.Step, last.Sha256);
    }

    /// <summary>Twelve steps, saved after every second one.</summary>
    private sealed class Training(RunContext run)
    {
        private readonly Counter _counter = new();

        public Func<int, int> At { get; init; } = _ => 0;

        public async Task RunAsync(CancellationToken token)
        {
            run.Register("counter", _counter);
            run.Register("module", new FakeModule { Children = { new FakeModule() } });
            var done = await run.Checkpoints.RestoreAsync(token);
            for (var step = (int)done + 1; step <= Steps; step++)
            {
                _counter.Sum += run.Random.NextDouble() * step;
                run.Checkpoints.Values["sum"] = _counter.Sum;
                await run.ReportAsync(step, ("loss", _counter.Sum), ("step", step), token);
                At(step);
                if (step % 2 == 0)
                    await run.Checkpoints.SaveAsync(step, token);
            }
        }
    }

    private sealed class Counter : ICheckpointable
    {
        public double Sum { get; set; }

        public void SaveState(Stream stream) => stream.Write(BitConverter.GetBytes(Sum));

        public void LoadState(Stream stream)
        {
            Span<byte> bytes = stackalloc byte[sizeof(double)];
            stream.ReadExactly(bytes);
            Sum = BitConverter.ToDouble(bytes);
        }
    }

    /// <summary>Takes a few bytes, then says what the system says.</summary>
    private sealed class FullDisk(string path) : FileStream(path, FileMode.Create)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Position + buffer.Length > 100)
                throw new IOException("No space left on device : '" + Name + "'", 28);
            base.Write(buffer);
        }
    }
}
