using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Sweeps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Cli;

/// <summary>
/// The verbs that steer. One call of the program executes a sweep whose runs wait for <see cref="_gate"/>; other calls, each with
/// services of its own, steer it.
/// </summary>
public sealed class SteeringVerbTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly CliBench _bench = new();
    private readonly TaskCompletionSource<string> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _broken = true;

    public SteeringVerbTests() => _bench.Configure = app => app.Trainables
        .Add("held", async (run, token) =>
        {
            _begun.TrySetResult(run.Info.SweepId);
            await _gate.Task.WaitAsync(token);
            run.Report(0, ("value", 1));
        })
        .Add("mends", async (run, token) =>
        {
            if (_broken && run.Parameters.Get<int>("x") == 2)
                throw new InvalidOperationException("no luck");
            if (run.Info.Number == 5)
            {
                _begun.TrySetResult(run.Info.SweepId);
                await _gate.Task.WaitAsync(token);
            }

            run.Report(0, ("value", 1));
        });

    public void Dispose()
    {
        _gate.TrySetResult();
        _bench.Dispose();
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("add")]
    [InlineData("pause")]
    [InlineData("continue")]
    [InlineData("stop")]
    [InlineData("cancel")]
    [InlineData("set")]
    public async Task Help_EndsWithExamples(string verb)
    {
        var run = await _bench.RunAsync(verb, "--help");
        Assert.Equal(0, run.Code);
        Assert.Contains($" {verb} ", run.Out[run.Out.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains($"  {verb} ", (await _bench.RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one argument too many", "pause", "a", "b")]
    [InlineData("'--json'", "continue", "--jsn")]
    [InlineData("'limits.maxRuns'", "set", "maxRun=3")]
    [InlineData("'limits.maxConcurrent'", "set", "demo", "limits.maxConcurent=3")]
    [InlineData("whole number, not '3.5'", "set", "demo", "maxRuns=3.5")]
    [InlineData("whole number, not ''", "set", "demo", "priority=")]
    [InlineData("whole number, not '5000000000'", "set", "demo", "maxConcurrent=5000000000")]
    [InlineData("such as 4h, 1h30m or 90s", "set", "demo", "duration=4 hours")]
    [InlineData("such as 4h", "set", "demo", "duration=0")]
    [InlineData("such as 4h", "set", "demo", "duration=-4h")]
    [InlineData("such as 4h", "set", "demo", "duration=99999d")]
    [InlineData("such as 4h", "set", "demo", "duration=NaN")]
    [InlineData("timeout takes a length of time such as 4h", "set", "demo", "timeout=0")]
    [InlineData("retry.backoff takes a length of time", "set", "demo", "retry.backoff=soon")]
    [InlineData("resources.memory takes a size such as 8GiB or 500MiB, not '8'", "set", "demo", "resources.memory=8")]
    [InlineData("resources.log takes a size", "set", "demo", "resources.log=0MiB")]
    [InlineData("'retry.maxAttempts'", "set", "demo", "retry.maxAttempt=3")]
    [InlineData("limits.maxRuns stands twice", "set", "demo", "maxRuns=3", "limits.maxRuns=4")]
    [InlineData("no key=value", "set", "demo", "maxRuns")]
    [InlineData("needs key=value", "set", "demo")]
    [InlineData("needs key=value", "set")]
    [InlineData("--runs", "add", "demo")]
    [InlineData("at least 1", "add", "demo", "--runs", "0")]
    [InlineData("one of them", "retry", "--failed", "--run", "3")]
    [InlineData("one of them", "retry", "--fingerprint", "abc", "--run", "3")]
    public async Task WrongArguments_ExitWith2_PlainAndJson(string expected, params string[] args)
    {
        var plain = await _bench.RunAsync(args);
        var json = await _bench.RunAsync([.. args, "--json"]);
        Assert.Equal((2, 2), (plain.Code, json.Code));
        Assert.Contains(expected, plain.Error, StringComparison.Ordinal);
        Assert.Empty(plain.Out);
        Assert.Contains(expected, json.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bench.Home));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("continue")]
    [InlineData("stop")]
    [InlineData("cancel")]
    [InlineData("set", "priority=1")]
    [InlineData("add", "--runs", "1")]
    [InlineData("retry")]
    public async Task UnknownSweep_ExitsWith2_AndSaysWhatThereIs(string verb, params string[] args)
    {
        Assert.Equal(2, (await _bench.RunAsync([verb, "demmo", .. args])).Code);
        var id = await _bench.SweepAsync(_bench.Grid());
        var plain = await _bench.RunAsync([verb, "demmo", .. args]);
        var json = await _bench.RunAsync([verb, "demmo", .. args, "--json"]);
        Assert.Equal((2, 2), (plain.Code, json.Code));
        Assert.Contains("Did you mean 'demo'?", plain.Error, StringComparison.Ordinal);
        Assert.Contains(id, plain.Error, StringComparison.Ordinal);
        Assert.Equal("notFound", json.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("continue")]
    [InlineData("stop")]
    [InlineData("cancel")]
    public async Task NothingIsExecuted_ExitsWith2(string verb)
    {
        Assert.Contains("is being executed", (await _bench.RunAsync(verb)).Error, StringComparison.Ordinal);
        var id = await _bench.SweepAsync(_bench.Grid());
        var latest = await _bench.RunAsync(verb);
        var named = await _bench.RunAsync(verb, id, "--json");
        Assert.Equal((2, 2), (latest.Code, named.Code));
        Assert.Contains("No sweep in", latest.Error, StringComparison.Ordinal);
        Assert.Equal("refused", named.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("it is completed", named.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PauseAndContinue_ReachTheProcessThatExecutes()
    {
        var (id, executing) = await StartAsync();

        var paused = await _bench.RunAsync("pause");
        Assert.Equal(0, paused.Code);
        Assert.StartsWith($"demo  {id}  paused: Nothing new is started", paused.Out, StringComparison.Ordinal);
        Assert.Equal("paused", (await StatusAsync(id)).GetProperty("state").GetString());
        var again = (await _bench.RunAsync("pause", "demo", "--json")).Json;
        Assert.Equal("version sweep answer", CliRun.Names(again));
        Assert.Equal("The sweep is paused already.", again.GetProperty("answer").GetString());
        Assert.Equal((id, "paused"), (again.GetProperty("sweep").GetProperty("id").GetString(), again.GetProperty("sweep").GetProperty("state").GetString()));

        // What is running ends, and nothing follows it: the sweep's loop has answered twice since.
        _gate.SetResult();
        await UntilAsync(id, s => Count(s, "running") == 0);
        Assert.Equal(0, (await _bench.RunAsync("set", id, "priority=1")).Code);
        Assert.Equal(0, (await _bench.RunAsync("set", id, "priority=2")).Code);
        Assert.Equal((1, "paused"), (Count(await StatusAsync(id), "completed"), (await StatusAsync(id)).GetProperty("state").GetString()));

        var continued = await _bench.RunAsync("continue", "--json");
        Assert.Equal("The sweep goes on.", continued.Json.GetProperty("answer").GetString());
        var ended = await executing;
        Assert.Equal(0, ended.Code);
        Assert.Equal(6, Count(ended.Json.GetProperty("sweep"), "completed"));
    }

    [Fact]
    public async Task Stop_ReachesTheProcessThatExecutes_WhichExitsWith130()
    {
        var (id, executing) = await StartAsync();

        var stopped = await _bench.RunAsync("stop");
        Assert.Equal(0, stopped.Code);
        Assert.Contains("running runs go on to their end", stopped.Out, StringComparison.Ordinal);
        var refused = await _bench.RunAsync("pause", id);
        Assert.Equal(2, refused.Code);
        Assert.Equal("error: The sweep is ending: ended on request.", refused.Error.Trim());
        _gate.SetResult();

        var ended = await executing;
        Assert.Equal(130, ended.Code);
        var sweep = ended.Json.GetProperty("sweep");
        Assert.Equal(("stopped", "ended on request"), (sweep.GetProperty("state").GetString(), sweep.GetProperty("endReason").GetString()));
        Assert.Equal((1, 0), (Count(sweep, "completed"), Count(sweep, "canceled")));
        Assert.Equal(0, (await _bench.RunAsync("resume")).Code);
    }

    [Fact]
    public async Task Stop_NothingIsLeft_TheExecutorExitsAsUsual()
    {
        var (_, executing) = await StartAsync("--max-runs", "1");
        Assert.Equal(0, (await _bench.RunAsync("stop", "--json")).Code);
        _gate.SetResult();
        var ended = await executing;
        Assert.Equal((0, "completed"), (ended.Code, ended.Json.GetProperty("sweep").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Cancel_EndsTheRunsToo_AndTheExecutorExitsWith130()
    {
        var (id, executing) = await StartAsync();
        var canceled = await _bench.RunAsync("cancel", id, "--json");
        Assert.Equal(0, canceled.Code);
        Assert.Contains("Running runs are ended", canceled.Json.GetProperty("answer").GetString(), StringComparison.Ordinal);

        var ended = await executing;
        Assert.Equal(130, ended.Code);
        Assert.Equal((0, 1), (Count(ended.Json.GetProperty("sweep"), "completed"), Count(ended.Json.GetProperty("sweep"), "canceled")));
    }

    [Fact]
    public async Task Stop_OfAnInterruptedSweep_ActsOnTheStore()
    {
        var id = await StoppedAsync();
        var run = await _bench.RunAsync("stop", id);
        Assert.Equal(0, run.Code);
        Assert.Contains("stopped: Nobody executes the sweep", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_LimitsOfRuns_AreTakenByTheResume()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var set = await _bench.RunAsync(
            "set", id, "timeout=30m", "retry.maxAttempts=3", "retry.backoff=0", "resources.memory=512MiB", "resources.artifacts=1GiB", "resources.log=2MB", "--json");
        Assert.Equal(0, set.Code);
        Assert.Equal(
            "From now on timeout is 0:30:00, retry.maxAttempts is 3, retry.backoff is 0:00:00, resources.memory is 512 MiB, resources.artifacts is 1.0 GiB, resources.log is 1.9 MiB.",
            set.Json.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Set_SeveralAtOnce_ReachTheProcessThatExecutes()
    {
        var (id, executing) = await StartAsync();

        var set = await _bench.RunAsync("set", "maxRuns=3", "limits.maxConcurrent=2", "duration=1h30m", "priority=-4", "--json");
        Assert.Equal(0, set.Code);
        Assert.Equal("version sweep answer", CliRun.Names(set.Json));
        var answer = set.Json.GetProperty("answer").GetString();
        Assert.Equal("From now on limits.maxRuns is 3, limits.maxConcurrent is 2, limits.duration is 1:30:00, the priority is -4.", answer);
        var refused = await _bench.RunAsync("set", id, "maxRuns=1");
        Assert.Equal(2, refused.Code);
        Assert.Contains("limits.maxRuns cannot be 1", refused.Error, StringComparison.Ordinal);

        _gate.SetResult();
        var ended = await executing;
        Assert.Equal((0, 3), (ended.Code, Count(ended.Json.GetProperty("sweep"), "completed")));
    }

    [Fact]
    public async Task Set_OfASweepThatNobodyExecutes_CountsForTheResume()
    {
        var id = await StoppedAsync();
        var set = await _bench.RunAsync("set", id, "maxRuns=4");
        Assert.Equal(0, set.Code);
        Assert.StartsWith($"demo  {id}  stopped: From now on limits.maxRuns is 4.", set.Out, StringComparison.Ordinal);
        _gate.TrySetResult();
        var resumed = await _bench.RunAsync("resume", "--json");
        Assert.Equal((0, 4), (resumed.Code, Count(resumed.Json.GetProperty("sweep"), "total")));
    }

    [Fact]
    public async Task Add_ToACompleteSweep_RunsTheMoreRunsHere()
    {
        var id = await _bench.SweepAsync(_bench.Grid(), "--max-runs", "2");
        var json = await _bench.RunAsync("add", id, "--runs", "2", "--workers", "1", "--json");
        Assert.Equal("version sweep", CliRun.Names(json.Json));
        Assert.Equal((0, 4), (json.Code, Count(json.Json.GetProperty("sweep"), "completed")));
        Assert.Contains("limits.maxRuns is 4", json.Error, StringComparison.Ordinal);

        var plain = await _bench.RunAsync("add", "--runs", "1");
        Assert.Equal(0, plain.Code);
        Assert.Contains("run 000004 started", plain.Error, StringComparison.Ordinal);
        Assert.Contains("5 completed in ", plain.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ToASweepWithoutALimit_ExitsWith2()
    {
        await _bench.SweepAsync(_bench.Grid());
        var run = await _bench.RunAsync("add", "--runs", "2");
        Assert.Equal(2, run.Code);
        Assert.Contains("has no limits.maxRuns", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ExecutedElsewhere_HandsTheRequestOver()
    {
        var (id, executing) = await StartAsync("--max-runs", "2");
        var added = await _bench.RunAsync("add", id, "--runs", "3", "--json");
        Assert.Equal("version sweep answer", CliRun.Names(added.Json));
        Assert.Equal((0, "From now on limits.maxRuns is 5."), (added.Code, added.Json.GetProperty("answer").GetString()));
        Assert.Contains($"Another process executes {id}", added.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("started", added.Error, StringComparison.Ordinal);
        _gate.SetResult();
        Assert.Equal(5, Count((await executing).Json.GetProperty("sweep"), "completed"));
    }

    [Fact]
    public async Task Retry_NobodyExecutes_RunsTheFailedOnesHere()
    {
        _gate.SetResult();
        var id = await _bench.SweepAsync(_bench.Grid("mends"), "--workers", "1");
        var still = await _bench.RunAsync("retry", "--workers", "1", "--json");
        Assert.Equal((4, 2), (still.Code, Count(still.Json.GetProperty("sweep"), "failed")));

        _broken = false;
        var one = await _bench.RunAsync("retry", id, "--run", "2");
        Assert.Equal(4, one.Code);
        Assert.Contains("1 failed run is queued again.", one.Error, StringComparison.Ordinal);
        Assert.Contains("run 000002 started (attempt 3)", one.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("run 000003 started", one.Error, StringComparison.Ordinal);

        // The command that `failures` names, as it stands there.
        var group = Assert.Single((await _bench.RunAsync("failures", id, "--json")).Json.GetProperty("failures").EnumerateArray().ToList());
        var command = group.GetProperty("retry").GetString()!.Split(' ')[1..];
        Assert.Equal(["retry", id, "--fingerprint", await FingerprintAsync(id), "--home", _bench.Home], command);
        var rest = await _bench.RunAsync([.. command[..^2], "--json"]);
        Assert.Equal("version sweep", CliRun.Names(rest.Json));
        Assert.Equal((0, 6), (rest.Code, Count(rest.Json.GetProperty("sweep"), "completed")));
    }

    [Fact]
    public async Task Retry_ExecutedElsewhere_HandsTheRequestOver()
    {
        var executing = _bench.RunAsync("sweep", _bench.Grid("mends"), "--workers", "1", "--json");
        var id = await _begun.Task.WaitAsync(Deadline);
        _broken = false;
        await UntilAsync(id, s => Count(s, "failed") == 2);

        var retry = await _bench.RunAsync("retry", "--failed", "--json");
        Assert.Equal((0, "2 failed runs are queued again."), (retry.Code, retry.Json.GetProperty("answer").GetString()));
        Assert.Contains($"Another process executes {id}", retry.Error, StringComparison.Ordinal);
        _gate.SetResult();
        var ended = await executing;
        Assert.Equal((0, 6), (ended.Code, Count(ended.Json.GetProperty("sweep"), "completed")));
    }

    [Fact]
    public async Task Retry_NothingFailed_ExitsWith0_AndSaysSo()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var plain = await _bench.RunAsync("retry");
        Assert.Equal((0, $"demo  {id}  completed: No run has failed; nothing is tried again."), (plain.Code, plain.Out.Trim()));
        var json = await _bench.RunAsync("retry", id, "--json");
        Assert.Equal("version sweep answer", CliRun.Names(json.Json));
        Assert.Equal(0, json.Code);
    }

    [Fact]
    public async Task Retry_OfWhatHasNotFailed_ExitsWith2_AndChangesNothing()
    {
        _gate.SetResult();
        var id = await _bench.SweepAsync(_bench.Grid("mends"), "--workers", "1");
        var fingerprint = await FingerprintAsync(id);
        foreach (var (expected, args) in new (string, string[])[]
                 {
                     ("/000000 is completed: only failed runs", ["--run", "2", "--run", "0"]),
                     ("no run 77: its runs are 0 to 5", ["--run", "77"]),
                     ("is no run", ["--run", "two"]),
                     ($"did you mean '{fingerprint}'?", ["--fingerprint", fingerprint[1..]]),
                     ($"there is: {fingerprint}.", ["--fingerprint", "?"]),
                 })
        {
            var run = await _bench.RunAsync(["retry", id, .. args]);
            Assert.Equal(2, run.Code);
            Assert.Contains(expected, run.Error, StringComparison.Ordinal);
            Assert.Equal(2, (await _bench.RunAsync(["retry", id, .. args, "--json"])).Json.GetProperty("error").GetProperty("exitCode").GetInt32());
        }

        await _bench.SweepAsync(_bench.Grid("never", name: "other"));
        Assert.Contains("is none of the sweep", (await _bench.RunAsync("retry", "other", "--run", $"{id}/2")).Error, StringComparison.Ordinal);
        var sweep = await StatusAsync(id);
        Assert.Equal(("completed", 2), (sweep.GetProperty("state").GetString(), Count(sweep, "failed")));
    }

    [Fact]
    public async Task Retry_ByAProgramThatDoesNotKnowTheTrainable_ExitsWith3_AndChangesNothing()
    {
        _gate.SetResult();
        var id = await _bench.SweepAsync(_bench.Grid("mends"));
        _bench.Configure = null;
        Assert.Equal(3, (await _bench.RunAsync("retry", id)).Code);
        Assert.Equal("completed", (await StatusAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task NoAnswer_ExitsWith1_SaysWhatToDo_AndTakesTheRequestBack()
    {
        var id = await StoppedAsync();
        var time = new ManualTime();
        var program = _bench.Configure;
        _bench.Configure += app => app.Services.AddSingleton<TimeProvider>(time);
        CliRun ended;
        using (SweepLock.TryTake(Path.Combine(_bench.Home, "sweeps", id)))
        {
            var asking = _bench.RunAsync("set", id, "maxRuns=5", "--json");
            while (!asking.IsCompleted)
            {
                await Task.WhenAny(asking, time.TimerSet(due => due <= TimeSpan.FromSeconds(1))).WaitAsync(Deadline);
                time.Advance(TimeSpan.FromSeconds(1));
            }

            ended = await asking;
        }

        Assert.Equal((1, "noAnswer"), (ended.Code, ended.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains($"Waiting for the process that executes {id}", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"resume {id}", ended.Error, StringComparison.Ordinal);
        Assert.InRange((time.GetUtcNow() - new ManualTime().GetUtcNow()).TotalSeconds, 30, 45);

        // A later execution does not follow what was given up.
        _bench.Configure = program;
        var executing = _bench.RunAsync("resume", id, "--workers", "1", "--json");
        await UntilAsync(id, sweep => Count(sweep, "running") == 1);
        Assert.Equal(0, (await _bench.RunAsync("set", id, "priority=1")).Code);
        _gate.SetResult();
        Assert.Equal(6, Count((await executing).Json.GetProperty("sweep"), "completed"));
    }

    private async Task<(string Id, Task<CliRun> Executing)> StartAsync(params string[] args)
    {
        var executing = _bench.RunAsync(["sweep", _bench.Grid("held"), "--workers", "1", "--json", .. args]);
        return (await _begun.Task.WaitAsync(Deadline), executing);
    }

    /// <summary>A sweep of six runs that was stopped before any of them ended.</summary>
    private async Task<string> StoppedAsync()
    {
        var (id, executing) = await StartAsync();
        await _bench.RunAsync("cancel", id);
        await executing.WaitAsync(Deadline);
        return id;
    }

    private async Task<JsonElement> StatusAsync(string id) => (await _bench.RunAsync("status", id, "--json")).Json.GetProperty("sweep");

    private async Task UntilAsync(string id, Func<JsonElement, bool> reached)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!reached(await StatusAsync(id)))
            deadline.Token.ThrowIfCancellationRequested();
    }

    private async Task<string> FingerprintAsync(string id) =>
        (await _bench.RunAsync("runs", id, "--state", "failed", "--json")).Json.GetProperty("runs")[0].GetProperty("failure").GetProperty("fingerprint").GetString()!;

    private static int Count(JsonElement sweep, string state) => sweep.GetProperty("counts").GetProperty(state).GetInt32();
}
