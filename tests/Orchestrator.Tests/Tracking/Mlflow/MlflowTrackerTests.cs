using Microsoft.AspNetCore.Http;
using Orchestrator.Tests.Support;
using Orchestrator.Tracking;
using Orchestrator.Tracking.Mlflow;
using static Orchestrator.Tests.Tracking.TestRuns;

namespace Orchestrator.Tests.Tracking.Mlflow;

public sealed class MlflowTrackerTests : TrackerConformance, IAsyncLifetime
{
    private readonly Dictionary<string, string> _environment = [];
    private MlflowTrackerFactory? _factory;
    private FakeMlflow _server = null!;
    private long _lost;
    private string? _reason;

    private protected override ITrackerFactory Factory => _factory ??= new MlflowTrackerFactory(TimeProvider.System, name => _environment.GetValueOrDefault(name), new Random(7));

    private protected override TrackerReference Reference => With();

    public async ValueTask InitializeAsync() => _server = await FakeMlflow.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _factory?.Dispose();
        await _server.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task Run_OfASweep_HasNameParametersTagsMetricsAndStatus()
    {
        await WriteAsync(Runs.Run(3), async tracker =>
        {
            await Report(tracker, Point("loss", 0, 0.5), Point("accuracy", 0, 0.25));
            await tracker.NoteAsync(new AttributeNote("owner", "me", Noon), default);
            await tracker.NoteAsync(new TagNote("baseline", Noon), default);
        });
        Assert.Equal(["sweep"], _server.Experiments);
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal(("1", "calm-otter-103", Noon.ToUnixTimeMilliseconds()), (run.Experiment, run.Name, run.StartTime));
        Assert.Equal(("FINISHED", Noon.AddSeconds(3).ToUnixTimeMilliseconds()), (run.Status, run.EndTime));
        Assert.Equal(new Dictionary<string, string> { ["lr"] = "0.1", ["text"] = "a \"b\", c" }, run.Parameters);
        Assert.Equal([("loss", 0L, 0.5, Noon.ToUnixTimeMilliseconds()), ("accuracy", 0L, 0.25, Noon.ToUnixTimeMilliseconds())], run.Metrics);
        Assert.Equal(("S/000003", "S", "7", "completed"), (run.Tags["orchestrator.run"], run.Tags["orchestrator.sweep"], run.Tags["orchestrator.seed"], run.Tags["orchestrator.state"]));
        Assert.Equal(("me", "true"), (run.Tags["owner"], run.Tags["baseline"]));
        NothingLost();
    }

    [Fact]
    public async Task Names_ThatBecomeEqual_AreToldApart_AndSaid()
    {
        await WriteAsync(Runs.Run(), async tracker =>
        {
            await Report(tracker, Point("p,q", 0, 1), Point("p;q", 0, 2), Point("p,q", 1, 3), Point(new string('m', 300) + "a", 0, 4), Point(new string('m', 300) + "b", 0, 5));
            await tracker.NoteAsync(new ParameterNote("a%", 1, Noon), default);
            await tracker.NoteAsync(new ParameterNote("a?", 2, Noon), default);
            await tracker.NoteAsync(new TagNote("baseline", Noon), default);
            await tracker.NoteAsync(new AttributeNote("baseline", "mine", Noon), default);
            await tracker.NoteAsync(new AttributeNote("orchestrator.seed", "mine", Noon), default);
        });
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal([1.0, 3.0], run.Metrics.Where(m => m.Key == "p_q").Select(m => m.Value));
        Assert.Equal(4, run.Metrics.Select(m => m.Key).Distinct().Count());
        Assert.All(run.Metrics, m => Assert.True(m.Key.Length <= 250));
        Assert.Equal(["1", "2"], run.Parameters.Where(p => p.Key.StartsWith("a_", StringComparison.Ordinal)).Select(p => p.Value).Order());
        Assert.Equal(["mine", "true"], run.Tags.Where(t => t.Key.StartsWith("baseline", StringComparison.Ordinal)).Select(t => t.Value).Order());
        Assert.Equal("7", run.Tags["orchestrator.seed"]);
        Assert.Contains("is named '", _reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunState.Completed, "FINISHED")]
    [InlineData(RunState.Pruned, "FINISHED")]
    [InlineData(RunState.Failed, "FAILED")]
    [InlineData(RunState.Canceled, "KILLED")]
    public async Task End_EveryState_HasMlflowsStatus(RunState state, string status)
    {
        var failure = state == RunState.Failed ? new RunFailure { Kind = FailureKind.Exception, Type = "E", Message = new string('m', 9000), Fingerprint = "0" } : null;
        await WriteAsync(Runs.Run(), _ => default, new RunEnd(state, null, failure, Noon));
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal(status, run.Status);
        Assert.Equal(failure is not null, run.Tags.GetValueOrDefault("orchestrator.failure")?.StartsWith("exception: E mmm", StringComparison.Ordinal) == true);
        NothingLost();
    }

    [Fact]
    public async Task Batches_ManyOfEverything_StayWithinTheLimitsAndLoseNothing()
    {
        var parameters = new ParameterSet([.. Enumerable.Range(0, 250).Select(i => KeyValuePair.Create<string, ParameterValue>($"p{i}", new string('ö', 7000)))]);
        await WriteAsync(Runs.Run() with { Parameters = parameters }, async tracker =>
        {
            await Report(tracker, [.. Enumerable.Range(0, 2500).Select(i => Point("loss", i, i))]);
            for (var i = 2500; i < 4000; i++)
                await Report(tracker, Point("loss", i, i));
        });
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal(Enumerable.Range(0, 4000).Select(i => (double)i), run.Metrics.Select(m => m.Value));
        Assert.Equal(250, run.Parameters.Count);
        Assert.All(run.Parameters.Values, value => Assert.Equal((6000, "..."), (value.Length, value[^3..])));
        Assert.InRange(_server.Count("runs/log-batch"), 4 + 3, 4 + 30);
        NothingLost();
    }

    [Fact]
    public async Task Names_ThatMlflowRefuses_AreChangedSoThatItTakesThem()
    {
        string[] names = ["loss", "a,b", "two\nlines", "größe/x", "/lead//twice/", "a/../b", ".", "..", "🦦🦦🦦", new('x', 400), "p:1"];
        await WriteAsync(Runs.Run(), tracker => Report(tracker, [.. names.Select(name => Point(name, 0, double.NaN))]));
        Assert.Equal(["loss", "a_b", "two_lines", "größe/x", "lead/twice", "a/__/b", "_", "__", "___", new string('x', 247) + "...", "p_1"],
            Assert.Single(_server.Runs.Values).Metrics.Select(m => m.Key));
        NothingLost();
    }

    [Fact]
    public async Task Parameters_ThatChange_BecomeTags()
    {
        await WriteAsync(Runs.Run(), async tracker =>
        {
            await tracker.NoteAsync(new ParameterNote("lr", 0.1, Noon), default);
            await tracker.NoteAsync(new ParameterNote("lr", 0.2, Noon), default);
            await tracker.NoteAsync(new ParameterNote("deep", ParameterValue.FromMap([new("x", 1)]), Noon), default);
        });
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal(("0.1", "1", "0.2"), (run.Parameters["lr"], run.Parameters["deep.x"], run.Tags["parameter.lr"]));
        NothingLost();
    }

    [Fact]
    public async Task Flush_ValuesThatComeFast_ShareRequests()
    {
        await WriteAsync(Runs.Run(), async tracker =>
        {
            for (var i = 0; i < 300; i++)
            {
                await Report(tracker, Point("loss", i, i));
                await tracker.FlushAsync(default);
            }
        });
        Assert.Equal(300, Assert.Single(_server.Runs.Values).Metrics.Count);
        Assert.InRange(_server.Count("runs/log-batch"), 3, 100); // of a request for each there would be over 300
    }

    [Fact]
    public async Task Credentials_OfTheEnvironmentOrTheAddress_AreSent()
    {
        _environment["MLFLOW_TRACKING_TOKEN"] = "secret";
        _environment["MLFLOW_EXPERIMENT_NAME"] = "mine";
        _environment["MLFLOW_TRACKING_URI"] = _server.Uri + "/";
        await WriteAsync(Runs.Run(), _ => default, reference: "mlflow");
        Assert.Equal(["mine"], _server.Experiments);
        Assert.All(_server.Requests, r => Assert.Equal("Bearer secret", r.Authorization));

        _environment["MLFLOW_TRACKING_USERNAME"] = "me";
        _environment["MLFLOW_TRACKING_PASSWORD"] = "p:w";
        await WriteAsync(Runs.Run(1), _ => default);
        Assert.Equal("Basic bWU6cDp3", _server.Requests.Last().Authorization);

        await WriteAsync(Runs.Run(2), _ => default, reference: With(("uri", _server.Uri.Replace("http://", "http://you:w%20w@", StringComparison.Ordinal))));
        Assert.Equal("Basic eW91Oncgdw==", _server.Requests.Last().Authorization);
    }

    [Theory]
    [InlineData("", "needs the address of a tracking server")]
    [InlineData("ftp://x", "over http and https; got 'ftp://x'")]
    [InlineData("not a uri", "got 'not a uri'")]
    public void Create_WithoutAUsableAddress_SaysWhatIsMissing(string uri, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Create(Runs.Run(), With(("uri", uri)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Server_AnswersWithWeaknessForAWhile_EverythingArrivesOnce(int status)
    {
        _server.Before = async (context, _, count) =>
        {
            if (count > 1)
                return false;
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "0";
            await context.Response.WriteAsync("<html>later</html>");
            return true;
        };
        await WriteAsync(Runs.Run(), tracker => Report(tracker, Point("loss", 0, 1)));
        Assert.Equal(("FINISHED", 1), (Assert.Single(_server.Runs.Values).Status, _server.Runs.Values.Single().Metrics.Count));
        NothingLost();
    }

    [Fact]
    public async Task Server_DropsEveryFirstConnection_NoRunIsMadeTwice()
    {
        _server.LoseAnswer = (_, count) => count == 1; // it did what it was asked, and the answer is lost
        await WriteAsync(Runs.Run(), tracker => Report(tracker, Point("loss", 0, 1)), reference: With(("giveUpAfter", 60.0)));
        Assert.Equal("FINISHED", Assert.Single(_server.Runs.Values).Status);
        Assert.Equal(1, _server.Count("runs/create"));
        NothingLost();
    }

    [Fact]
    public async Task Server_AsksToWait_IsNotAskedBefore()
    {
        var time = new ManualTime();
        using var factory = new MlflowTrackerFactory(time, _ => null, new Random(7));
        _server.Before = (context, _, count) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "17";
            return Task.FromResult(count == 1);
        };
        var tracker = factory.Create(new TrackerContext(Runs.Run(), factory.Info, With()));
        var start = tracker.StartAsync(Runs.Run(), default).AsTask();
        await time.TimerSet(due => due == TimeSpan.FromSeconds(17));
        time.Advance(TimeSpan.FromSeconds(16.9));
        Assert.Equal(1, _server.Count("experiments/get-by-name"));
        _server.Before = null;
        time.Advance(TimeSpan.FromSeconds(0.2));
        await start.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Single(_server.Runs);
    }

    [Fact]
    public async Task Server_Stalls_GivesUpInTimeAndSaysWhat()
    {
        var never = new TaskCompletionSource();
        _server.Before = async (context, _, _) =>
        {
            await never.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        var tracker = Create(Runs.Run(), With(("timeout", 0.2), ("giveUpAfter", 1.0)));
        var error = await Assert.ThrowsAsync<MlflowException>(() => tracker.StartAsync(Runs.Run(), default).AsTask());
        Assert.Matches(@"^The MLflow server http://127\.0\.0\.1:\d+ took no '.*get-by-name.*' in [0-9.]+ s: no answer within 0\.2 s$", error.Message);
    }

    [Theory]
    [InlineData("<html>Please log in</html>", "no MLflow")]
    [InlineData("[1, 2]", "no MLflow")]
    [InlineData("{}", "answered without 'experiment'")]
    [InlineData("""{"experiment": {"experiment_id": 5}}""", "answered without 'experiment_id'")]
    public async Task Server_AnswersGarbage_IsSaid(string garbage, string message)
    {
        _server.Before = async (context, _, _) =>
        {
            await context.Response.WriteAsync(garbage);
            return true;
        };
        var error = await Assert.ThrowsAsync<MlflowException>(() => Create(Runs.Run()).StartAsync(Runs.Run(), default).AsTask());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests); // it is not asked again
    }

    [Fact]
    public async Task Server_GoesAwayInTheMiddle_TheGapIsCountedAndWhatFollowsArrives()
    {
        _server.Cut = body => body.Contains("\"step\":1500}", StringComparison.Ordinal) || body.Contains("\"step\":2500}", StringComparison.Ordinal);
        await WriteAsync(
            Runs.Run(),
            async tracker =>
            {
                await Report(tracker, [.. Enumerable.Range(0, 2000).Select(i => Point("loss", i, i))]);
                await Report(tracker, [.. Enumerable.Range(2000, 1500).Select(i => Point("loss", i, i))]);
            },
            reference: With(("giveUpAfter", 0.3)));
        var run = Assert.Single(_server.Runs.Values);
        Assert.Equal(Enumerable.Range(0, 1000).Concat(Enumerable.Range(3000, 500)).Select(i => (double)i), run.Metrics.Select(m => m.Value));
        Assert.Equal(2000, _lost);
        Assert.Contains("took no 'runs/log-batch'", _reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiment_WasDeleted_IsSaid()
    {
        _server.AddDeleted("deleted one");
        var reference = With(("experiment", "deleted one"));
        var error = await Assert.ThrowsAsync<MlflowException>(() => Create(Runs.Run(), reference).StartAsync(Runs.Run(), default).AsTask());
        Assert.Contains("'deleted one' was deleted: restore it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OfManyRuns_MakesOneExperimentAndARunForEach()
    {
        await using var bench = new SweepBench();
        var result = await bench.RunAsync(SweepBench.Definition(40, d => d.Trackers = [With()]), Support.TestRuns.Report, workers: 4);
        Assert.Empty((await result.AllAsync()).SelectMany(run => run.TrackerLosses));
        Assert.Equal(40, _server.Runs.Values.Count(run => run is { Status: "FINISHED", Metrics.Count: 1 }));
        Assert.Equal(1, _server.Count("experiments/create"));
    }

    [Fact]
    public async Task Sweep_ServerStalls_RunsLoseNothingAndTheLossIsKept()
    {
        var never = new TaskCompletionSource();
        _server.Before = async (context, _, _) =>
        {
            await never.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await using var bench = new SweepBench();
        var reference = With(("timeout", 0.2), ("giveUpAfter", 0.5));
        var result = await bench.RunAsync(SweepBench.Definition(5, d => d.Trackers = [reference, "csv"]), Support.TestRuns.Report);
        Assert.Equal((5L, 0L), (result.Counts.Completed, result.Counts.Failed));
        var runs = await result.AllAsync();
        Assert.All(runs, run => Assert.Equal(("mlflow", 1L), (Assert.Single(run.TrackerLosses).Tracker, run.TrackerLosses[0].Points)));
        Assert.All(runs, run => Assert.Equal(2, File.ReadAllLines(Path.Combine(bench.Home, run.Directory, "metrics.csv")).Length));
    }

    private TrackerReference With(params (string Option, ParameterValue Value)[] options)
    {
        var all = new Dictionary<string, ParameterValue> { ["uri"] = _server.Uri };
        foreach (var (option, value) in options)
            all[option] = value;
        return new TrackerReference("mlflow") { Options = all };
    }

    private async Task WriteAsync(RunInfo run, Func<ITracker, ValueTask> body, RunEnd? end = null, TrackerReference? reference = null)
    {
        await using var tracker = await Started(run, reference, (points, reason) => (_lost, _reason) = (_lost + points, reason));
        await body(tracker);
        await tracker.EndAsync(end ?? Completed(), default);
    }

    private void NothingLost() => Assert.Equal((0L, (string?)null), (_lost, _reason));
}
