using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Exporting;
using Orchestrator.Numerics;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

/// <summary>One sweep, executed in every way: each must leave the same table of runs.</summary>
public sealed class ReproducibleTests
{
    private const int Runs = 60;

    static ReproducibleTests() => HistorySampler.MakeKnown();

    public static TheoryData<string> Kinds => ["history", "replicates", "target", "breaker", "random"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reproducible_OneTwoAndEightWorkersWithJitter_GiveTheSameTable(string kind)
    {
        var tables = new List<(string, SweepEndKind, string)>();
        foreach (var workers in (int[])[1, 2, 8, 8])
        {
            await using var bench = new SweepBench();
            var result = await bench.RunAsync(Definition(kind), JitterAsync, workers);
            tables.Add((await HashAsync(bench, result.Id), result.EndKind, (await bench.FindAsync(result.Id)).EndReason!.Replace(result.Id, "", StringComparison.Ordinal)));
        }

        Assert.Single(tables.Distinct());
        Assert.Equal(kind switch { "target" => SweepEndKind.Target, "breaker" => SweepEndKind.CircuitBreaker, _ => SweepEndKind.Exhausted }, tables[0].Item2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reproducible_KilledAndResumed_GivesTheSameTable(string kind)
    {
        var copies = new List<string>();
        string expected;
        await using (var bench = new SweepBench())
        {
            var begun = 0;
            var result = await bench.RunAsync(
                Definition(kind),
                async (run, token) =>
                {
                    await JitterAsync(run, token);
                    if (Interlocked.Increment(ref begun) is 3 or 7 or 12 or 19 or 28 or 39)
                    {
                        var copy = bench.CopyOfHome();
                        lock (copies)
                            copies.Add(copy);
                    }
                },
                workers: 4);
            expected = await HashAsync(bench, result.Id);
        }

        Assert.NotEmpty(copies);
        foreach (var (index, copy) in copies.Index())
        {
            await using var bench = new SweepBench(home: copy);
            var id = (await (await bench.Store).ListSweepsAsync(new SweepQuery()).ToListAsync())[0].Id;
            // Once more in between: canceled after a while, then on with another number of workers.
            var control = new SweepControl();
            var ended = 0;
            await bench.ResumeAsync(
                id,
                async (run, token) =>
                {
                    if (Interlocked.Increment(ref ended) == 4)
                        control.Cancel();
                    await JitterAsync(run, token);
                },
                workers: 1 + (index % 3),
                control);
            if ((await bench.FindAsync(id)).State is SweepState.Stopped && kind != "breaker")
                await bench.ResumeAsync(id, JitterAsync, workers: 8);
            else if (kind == "breaker" && (await bench.FindAsync(id)).EndReason!.StartsWith("canceled", StringComparison.Ordinal))
                await bench.ResumeAsync(id, JitterAsync, workers: 8);
            Assert.Equal(expected, await HashAsync(bench, id));
            Assert.Null((await bench.FindAsync(id)).ReproducibilityLost);
        }

        copies.ForEach(c => Directory.Delete(c, recursive: true));
    }

    [Fact]
    public async Task NotReproducible_SamplerWithHistory_DependsOnTiming()
    {
        var hashes = new HashSet<string>();
        for (var i = 0; i < 20 && hashes.Count < 2; i++)
        {
            await using var bench = new SweepBench();
            var definition = Definition("history");
            definition.Reproducible = false;
            hashes.Add(await HashAsync(bench, (await bench.RunAsync(definition, JitterAsync, workers: 8)).Id));
        }

        Assert.True(hashes.Count > 1, "The sampler of these tests does not tell orders apart: they would show nothing.");
    }

    [Fact]
    public async Task Reproducible_Breaker_ResumedBeyondIt_GoesOnAndCountsAnew()
    {
        await using var bench = new SweepBench();
        var definition = Definition("breaker");
        var first = await bench.RunAsync(definition, (_, _) => throw new IOException("broken"), workers: 4);
        var second = await bench.ResumeAsync(first.Id, (_, _) => throw new IOException("broken"), workers: 4);
        var third = await bench.ResumeAsync(first.Id, JitterAsync, workers: 4);

        // Three in a row, and the eight that were decided on without them; three more begin behind those.
        Assert.Equal((SweepEndKind.CircuitBreaker, 11L), (first.EndKind, first.Counts.Total));
        Assert.Equal((SweepEndKind.CircuitBreaker, 22L), (second.EndKind, second.Counts.Total));
        Assert.True(third.Counts.Total > 22);
    }

    [Fact]
    public async Task Reproducible_StoredDefinition_KeepsItsLagAndRefusesADuration()
    {
        await using var bench = new SweepBench();
        var definition = Definition("history");
        definition.Reproducible = new Reproducibility { Lag = 3 };
        var inside = new HashSet<long>();
        var most = 0;
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = await bench.RunAsync(definition, async (run, token) =>
        {
            lock (inside)
            {
                inside.Add(run.Info.Number);
                most = Math.Max(most, (int)(run.Info.Number - inside.Min()));
            }

            try
            {
                if (run.Info.Number == 3)
                    third.TrySetResult();
                if (run.Info.Number == 0)
                    await third.Task.WaitAsync(TimeSpan.FromMinutes(1), token); // as far ahead as may be
                await JitterAsync(run, token);
            }
            finally
            {
                lock (inside)
                    inside.Remove(run.Info.Number);
            }
        }, workers: 8);

        Assert.Equal(3, (await bench.FindAsync(result.Id)).ReproducibleLag);
        Assert.Equal(3, most); // nothing begins more than the lag ahead of what has not ended
        var refused = await Assert.ThrowsAsync<SteeringException>(() =>
            bench.Services.GetRequiredService<ISweepClient>().SetAsync(result.Id, new SweepSettings { Duration = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken));
        Assert.Contains("reproducible", refused.Message, StringComparison.Ordinal);
        definition.Limits.Duration = TimeSpan.FromHours(1);
        var wrong = await Assert.ThrowsAsync<InvalidDefinitionException>(() => bench.RunAsync(definition, JitterAsync));
        Assert.Contains(wrong.Problems, p => p.Code == "SWP033" && p.Path == "/limits/duration");
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("outOfMemory")]
    [InlineData("resourceLimit")]
    [InlineData("retry")]
    [InlineData("failure")]
    public async Task ReproducibilityLost_ByWhatNeedNotHappenAgain_IsSaid(string what)
    {
        await using var bench = new SweepBench();
        var definition = Definition("random");
        definition.Limits.MaxRuns = 1;
        definition.Retry.MaxAttempts = 2;
        definition.Timeout = what == "timeout" ? TimeSpan.FromMilliseconds(50) : null;
        var result = await bench.RunAsync(definition, async (run, token) =>
        {
            if (what == "timeout" && run.Info.Attempt == 1)
                await Task.Delay(Timeout.Infinite, token);
            if (what == "outOfMemory" && run.Info.Attempt == 1)
                throw new InsufficientMemoryException("too much");
            if (what == "resourceLimit" && run.Info.Attempt == 1)
                throw new IOException("full", 28);
            if (what is "retry" or "failure")
                throw new IOException("broken");
            run.Report(0, ("loss", 1));
        });
        if (what == "retry")
        {
            var failed = Assert.Single(await result.AllAsync());
            await (await bench.Store).AppendAsync(new RunMoved { Run = (await bench.KeyAsync(result.Id)) is var key ? new RunKey(key, failed.Number) : default, To = RunState.Queued, At = DateTimeOffset.UnixEpoch });
            await (await bench.Store).FlushAsync();
        }

        Assert.Equal(
            what switch { "timeout" or "outOfMemory" or "resourceLimit" => $"run 0 ended by {what} in attempt 1", "retry" => "run 0 had failed and was tried again by hand", _ => null },
            (await bench.FindAsync(result.Id)).ReproducibilityLost);
    }

    private static SweepDefinition Definition(string kind) => SweepBench.Definition(Runs, d =>
    {
        d.Reproducible = true;
        d.Seed = 11;
        d.Retry.MaxAttempts = 2;
        if (kind is "history" or "replicates")
            d.Method = "test-history";
        if (kind == "replicates")
            d.Replicates = 3;
        if (kind == "target")
            d.Metric = d.Metric! with { Target = 0.1 };
        if (kind == "breaker")
            (d.Name, d.Failure.StopAfterConsecutive) = ("breaks", 3);
    });

    /// <summary>A run whose length nobody can foresee and whose result is a function of what it was given. Some fail, some only at first.</summary>
    private static async Task JitterAsync(RunContext run, CancellationToken token)
    {
        await Task.Delay(Random.Shared.Next(0, 5), token);
        var x = run.Parameters.Get<double>("x");
        var chance = new SeededRandom(run.Seed, BitConverter.DoubleToInt64Bits(x)).NextDouble();
        if (chance < 0.15 || (chance < 0.3 && run.Info.Attempt == 1) || (run.Info.Number is >= 30 and < 33 && run.Info.SweepName == "breaks"))
            throw new InvalidOperationException("as given");
        run.Report(0, ("loss", x), ("chance", chance));
    }

    private static async Task<string> HashAsync(SweepBench bench, string id) =>
        (await ResultHash.OfAsync((await bench.Store).QueryRunsAsync(new RunQuery { Sweep = id }))).Sha256;
}
