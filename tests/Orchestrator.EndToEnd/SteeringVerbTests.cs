using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>One process executes a sweep, others steer it.</summary>
public sealed class SteeringVerbTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Halt = 19; // SIGSTOP: the process is there and does nothing
    private const int GoOn = 18;

    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task PauseAndContinue_NothingNewIsStartedMeanwhile()
    {
        using var executor = await StartAsync(seconds: 0.1, maxRuns: 100_000, workers: 2);

        await SteerAsync("paused", "pause");
        await executor.SaysAsync("on request: Nothing new is started until the sweep is continued");
        var idle = await UntilAsync(RunState.Running, n => n == 0);
        Assert.Equal("paused", idle.GetProperty("state").GetString());
        for (var i = 1; i <= 3; i++)
            await SteerAsync("paused", "set", string.Create(CultureInfo.InvariantCulture, $"priority={i}")); // it is there, and answers; each takes as long as several runs
        var later = await StatusAsync();
        Assert.Equal((Count(idle, "completed"), 0), (Count(later, "completed"), Count(later, "running")));

        await SteerAsync("running", "continue");
        await executor.SaysAsync("on request: The sweep goes on");
        await UntilAsync(RunState.Completed, n => n > Count(idle, "completed") + 5);
        await SteerAsync(null, "stop");
        Assert.Equal(130, await executor.EndAsync());
    }

    [Fact]
    public async Task Set_MoreAtOnce_ThenFewerRuns_CountWhileTheSweepIsExecuted()
    {
        using var executor = await StartAsync(seconds: 0.4, maxRuns: 100_000, workers: 1);

        await SteerAsync("running", "set", "maxConcurrent=5");
        await UntilAsync(RunState.Running, n => n == 5);
        await SteerAsync("paused", "pause");
        var most = Count(await StatusAsync(), "total") + 10;
        await SteerAsync("paused", "set", string.Create(CultureInfo.InvariantCulture, $"limits.maxRuns={most}"));
        await SteerAsync("running", "continue");

        Assert.Equal(0, await executor.EndAsync());
        var ended = await StatusAsync();
        Assert.Equal(("completed", most, most), (ended.GetProperty("state").GetString(), Count(ended, "completed"), Count(ended, "total")));
    }

    [Fact]
    public async Task Stop_LetsRunsEnd_ExitsWith130_AndResumeRunsTheRest()
    {
        using var executor = await StartAsync(seconds: 0.3, maxRuns: 300, workers: 2);
        await SteerAsync(null, "stop");
        await executor.SaysAsync("stopping: ended on request");

        Assert.Equal(130, await executor.EndAsync());
        Assert.Contains("stopped: ended on request", await executor.Output, StringComparison.Ordinal);
        var stopped = await StatusAsync();
        Assert.Equal(("stopped", 0), (stopped.GetProperty("state").GetString(), Count(stopped, "canceled")));
        Assert.InRange(Count(stopped, "completed"), 1, 299);
        var resumed = await _home.RunAsync("resume", "--workers", "100", "--json");
        Assert.Equal((0, 300), (resumed.ExitCode, Count(resumed.Json.GetProperty("sweep"), "completed")));
    }

    [Fact]
    public async Task Cancel_EndsTheRuns_ExitsWith130()
    {
        using var executor = await StartAsync(seconds: 600, maxRuns: 12, workers: 2);
        await UntilAsync(RunState.Running, n => n == 2);
        await SteerAsync(null, "cancel");

        Assert.Equal(130, await executor.EndAsync());
        var canceled = await StatusAsync();
        Assert.Equal((0, 2), (Count(canceled, "running"), Count(canceled, "canceled")));
    }

    [Fact]
    public async Task Kill9_WhilePaused_LeavesASweepThatResumeFinishes()
    {
        using var executor = await StartAsync(seconds: 0.05, maxRuns: 100_000, workers: 2);
        await SteerAsync("paused", "pause");
        executor.Signal(Kill);
        await executor.EndAsync();

        Assert.Equal("interrupted", (await StatusAsync()).GetProperty("state").GetString());
        var refused = await _home.RunAsync("continue");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("(interrupted)", refused.Error, StringComparison.Ordinal);
        var most = Count(await StatusAsync(), "total") + 10;
        await SteerAsync("interrupted", "set", "k", string.Create(CultureInfo.InvariantCulture, $"maxRuns={most}"));
        var resumed = await _home.RunAsync("resume", "--workers", "4", "--json");
        Assert.Equal(0, resumed.ExitCode);
        var sweep = resumed.Json.GetProperty("sweep");
        Assert.Equal(("completed", most), (sweep.GetProperty("state").GetString(), Count(sweep, "completed")));
    }

    [Fact]
    public async Task Interrupt_WhileAnAnswerIsAwaited_ExitsWith130_AndTheRequestIsNotFollowed()
    {
        using var executor = await StartAsync(seconds: 0.1, maxRuns: 100_000, workers: 1);
        executor.Signal(Halt);
        using var asking = new WatchedProgram(_home.Start("pause", "--json"));
        await asking.SaysAsync("Waiting for the process that executes");
        asking.Signal(Interrupt);
        Assert.Equal(130, await asking.EndAsync());
        using (var error = JsonDocument.Parse(await asking.Output))
            Assert.Equal("interrupted", error.RootElement.GetProperty("error").GetProperty("code").GetString());

        executor.Signal(GoOn);
        await SteerAsync("running", "set", "priority=1");
        await SteerAsync(null, "stop");
        Assert.Equal(130, await executor.EndAsync());
    }

    [Fact]
    public async Task TwoProcessesSteerAtOnce_EveryRequestIsAnswered_AndNothingIsRunTwice()
    {
        const int Requests = 10;
        var sent = 3; // those below; a retry where nothing has failed is none
        using var executor = await StartAsync(seconds: 0.01, maxRuns: 100_000, workers: 2, failureRate: 0.1);

        await Task.WhenAll(SteerAtRandomAsync(1), SteerAtRandomAsync(2));
        await SteerAsync(null, "continue");
        await SteerAsync(null, "set", "maxConcurrent=2");
        var before = Stored(RunState.Completed);
        await UntilAsync(RunState.Completed, n => n > before + 20); // it is alive
        await SteerAsync(null, "stop");
        Assert.Equal(130, await executor.EndAsync());

        Assert.Equal("0", Query("SELECT count(*) FROM requests WHERE accepted IS NULL"));
        Assert.Equal(sent, int.Parse(Query("SELECT count(*) FROM requests")!, null));
        Assert.Equal("0", Query("SELECT count(*) FROM (SELECT 1 FROM attempts WHERE state = 3 GROUP BY run HAVING count(*) > 1)"));
        Assert.Equal("ok", Query("PRAGMA integrity_check"));
        var total = Count(await StatusAsync(), "total");
        Assert.Equal(0, (await _home.RunAsync("set", "k", string.Create(CultureInfo.InvariantCulture, $"maxRuns={total}"))).ExitCode);
        Assert.Equal(total, Count((await _home.RunAsync("resume", "--json")).Json.GetProperty("sweep"), "total"));

        async Task SteerAtRandomAsync(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < Requests; i++)
            {
                string[] args = random.Next(6) switch
                {
                    0 => ["pause"],
                    1 => ["continue"],
                    2 => ["set", string.Create(CultureInfo.InvariantCulture, $"maxConcurrent={random.Next(1, 5)}")],
                    3 => ["set", "duration=4h", string.Create(CultureInfo.InvariantCulture, $"priority={random.Next(-3, 3)}")],
                    4 => ["add", "--runs", "1"],
                    _ => ["retry", "k"],
                };
                var run = await _home.RunAsync([.. args, "--json"]);
                Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: {run.ExitCode} {run.Error}");
                var answer = run.Json.GetProperty("answer").GetString()!;
                Assert.NotEqual("", answer);
                if (!answer.StartsWith("No run has failed", StringComparison.Ordinal))
                    Interlocked.Increment(ref sent);
            }
        }
    }

    /// <summary>Starts a sweep and waits for its first run to end.</summary>
    private async Task<WatchedProgram> StartAsync(double seconds, int maxRuns, int workers, double failureRate = 0)
    {
        var file = _home.Write("k.json", string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "name": "k", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "random",
              "parameters": {"x": {"min": 0.0, "max": 1.0}, "sleep": {{seconds}}, "failureRate": {{failureRate}}}, "limits": {"maxRuns": {{maxRuns}}}
            }
            """));
        var program = new WatchedProgram(_home.Start("sweep", file, "--workers", workers.ToString(CultureInfo.InvariantCulture)));
        await program.SaysAsync(seconds > 60 ? " started: " : " completed in ");
        return program;
    }

    private async Task SteerAsync(string? state, params string[] args)
    {
        var run = await _home.RunAsync([.. args, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        if (state is not null)
            Assert.Equal(state, run.Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    private async Task<JsonElement> StatusAsync() => (await _home.RunAsync("status", "--json")).Json.GetProperty("sweep");

    /// <summary>Looks at the store until so many runs are in the state; what the program says then.</summary>
    private async Task<JsonElement> UntilAsync(RunState state, Func<int, bool> reached)
    {
        await Patience.UntilAsync(() => reached(Stored(state)), $"as many runs {state} as were waited for");
        return await StatusAsync();
    }

    private int Stored(RunState state) =>
        int.Parse(Query(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM runs WHERE state = {(int)state}"))!, CultureInfo.InvariantCulture);

    private string? Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_home.Database};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private static int Count(JsonElement sweep, string state) => sweep.GetProperty("counts").GetProperty(state).GetInt32();
}
