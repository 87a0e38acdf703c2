using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>External programs as trainables: what holds whichever way they are started.</summary>
public abstract class CommandConformance(CommandSweeps sweeps)
{
    /// <summary>Which way processes are started; <see langword="null"/>: the one of this system.</summary>
    protected virtual string? Way => null;

    /// <summary>What takes memory until it is stopped. The parent holds nothing: what its child holds counts.</summary>
    protected virtual string Hungry => "awk 'BEGIN { while (1) a[i++] = sprintf(\"%1000d\", i) }'; exit 0";

    /// <summary>How a child gets as far away as it can and is still found when the orchestrator is gone.</summary>
    protected virtual string FurthestAway => "setsid ";

    [Fact]
    public async Task Command_Run_GetsItsParametersAndEnvironment_AndItsOutputIsSorted()
    {
        using var home = new ProgramHome { Way = Way };
        home.Write("job.sh", """
            echo "args: $*"
            echo "noise on stderr" >&2
            echo "sweep=$ORCHESTRATOR_SWEEP_ID run=$ORCHESTRATOR_RUN_ID seed=$ORCHESTRATOR_SEED threads=$OMP_NUM_THREADS device=$ORCHESTRATOR_DEVICE"
            test -d "$ORCHESTRATOR_CHECKPOINT_DIR" && echo kept > "$ORCHESTRATOR_CHECKPOINT_DIR/last"
            cp "$ORCHESTRATOR_PARAMETERS" "$ORCHESTRATOR_RUN_DIR/copy.json"
            echo '{"step": 1, "loss": NaN, "other": 1}'
            echo '{"step": 2, "loss": 0.25}'
            echo '{"loss": "text"}'
            printf '{"step": 3, "loss": 0.125}'
            """);
        var file = home.Write("c.yaml", """
            command: [sh, "${sweepDir}/job.sh", "${args}", "lr=${lr}", "$${lr}", "${seed}"]
            metric: {name: loss, goal: minimize}
            parameters: {lr: 0.5, name: "with space; $(no shell)"}
            seeds: [41]
            """);

        var result = await home.RunAsync("sweep", file, "--json");
        var run = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(0.125, run.GetProperty("objective").GetDouble());
        Assert.Equal(1.0, run.GetProperty("metrics").GetProperty("other").GetDouble());
        var folder = Path.Combine(home.Folder, ".orchestrator", run.GetProperty("directory").GetString()!);
        var log = File.ReadAllText(Path.Combine(folder, "run.log"));
        Assert.Contains("args: --lr=0.5 --name=with space; $(no shell) lr=0.5 ${lr} 41\n", log, StringComparison.Ordinal);
        Assert.Contains("noise on stderr\n", log, StringComparison.Ordinal);
        Assert.Contains($"run={run.GetProperty("id").GetString()} seed=41 threads=1 device=cpu\n", log, StringComparison.Ordinal);
        Assert.Contains("{\"loss\": \"text\"}\n", log, StringComparison.Ordinal);
        Assert.Contains("'loss' is a text, and is left out", Assert.Single(run.GetProperty("warnings").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0.125", log, StringComparison.Ordinal);
        Assert.Equal(0.5, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "copy.json"))).RootElement.GetProperty("lr").GetDouble());
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(folder, "checkpoints", "attempt-1", "last")));
    }

    [Fact]
    public async Task Command_FurtherAttempt_FindsWhatTheOneBeforeSaved()
    {
        using var home = new ProgramHome { Way = Way };
        home.Write("job.sh", """
            cd "$ORCHESTRATOR_CHECKPOINT_DIR"
            done=$(cat step 2>/dev/null || echo 0)
            echo $((done + 1)) > step.tmp && cp step.tmp half.tmp && mv step.tmp step
            [ "$(cat step)" -lt 3 ] && exit 1
            echo "{\"loss\": $(cat step)}"
            """);
        var file = home.Write("c.yaml", """
            command: [sh, "${sweepDir}/job.sh"]
            metric: {name: loss, goal: minimize}
            parameters: {lr: 0.5}
            retry: {maxAttempts: 3}
            """);

        Assert.Equal(0, (await home.RunAsync("sweep", file)).ExitCode);
        var run = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run");

        Assert.Equal(3, run.GetProperty("objective").GetDouble());
        var checkpoints = Path.Combine(home.Folder, ".orchestrator", run.GetProperty("directory").GetString()!, "checkpoints");
        Assert.Equal(["attempt-2", "attempt-3"], Directory.EnumerateDirectories(checkpoints).Select(Path.GetFileName).Order());
        Assert.Equal(["half.tmp", "step"], Directory.EnumerateFiles(Path.Combine(checkpoints, "attempt-3")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Command_FurtherAttemptGoesOn_SeriesIsThatOfOneUninterruptedRun()
    {
        using var home = new ProgramHome { Way = Way };
        home.Write("job.sh", """
            cd "$ORCHESTRATOR_CHECKPOINT_DIR"
            step=$(cat step 2>/dev/null || echo 0)
            while [ $step -lt 6 ]; do
              echo "{\"step\": $step, \"loss\": $(((step - 1) * (step - 1)))}"
              step=$((step + 1))
              [ $step = 3 ] && echo 3 > step
              [ $step = 5 ] && [ "$ORCHESTRATOR_ATTEMPT" = 1 ] && exit 1
            done
            exit 0
            """);
        var file = home.Write("c.yaml", """
            command: [sh, "${sweepDir}/job.sh"]
            metric: {name: loss, goal: minimize, from: best}
            parameters: {lr: 0.5}
            retry: {maxAttempts: 2}
            """);

        Assert.Equal(0, (await home.RunAsync("sweep", file)).ExitCode);
        var run = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run");
        var series = (await home.RunAsync("export", "--what", "metrics")).Output;

        Assert.Equal(0, run.GetProperty("objective").GetDouble());
        Assert.Equal(["0,1", "1,0", "2,1", "3,4", "4,9", "5,16"], series.Trim().Split('\n').Skip(1).Select(l => string.Join(',', l.Split(',')[3..5])));
    }

    [Fact]
    public async Task Command_PatternOfReports_ReadsItsLines()
    {
        using var home = new ProgramHome { Way = Way };
        var file = home.Write("c.yaml", """
            command: [sh, -c, "for i in 0 1 2; do echo \"epoch $i loss: $i.5\" >&2; done"]
            reports: {pattern: 'epoch (?<step>\d+) loss: (?<loss>\S+)'}
            metric: {name: loss, goal: minimize}
            parameters: {lr: 0.5}
            """);

        Assert.Equal(0, (await home.RunAsync("sweep", file)).ExitCode);
        var series = (await home.RunAsync("export", "--what", "metrics")).Output;

        Assert.Equal(["0,0.5", "1,1.5", "2,2.5"], series.Trim().Split('\n').Skip(1).Select(l => string.Join(',', l.Split(',')[3..5])));
        Assert.Contains("epoch 2 loss: 2.5", (await home.RunAsync("logs", "0")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exits", "exit", 7, null, "ended with exit code 7: ValueError: bad rate")]
    [InlineData("throws", "exit", 1, null, "ended with exit code 1: KeyError: 3")]
    [InlineData("takes-all-memory", "outOfMemory", 1, null, "MemoryError")]
    [InlineData("crashes", "signal", null, 11, "signal 11 (SIGSEGV)")]
    [InlineData("is-killed", "workerLost", null, 9, "killed from outside")]
    [InlineData("is-deaf", "timeout", null, null, "its process was killed")]
    [InlineData("is-late", "timeout", null, null, "It was asked to end")]
    [InlineData("reports-nothing", "invalidResult", null, null, "without reporting 'loss'")]
    [InlineData("diverges", "nonFinite", null, null, "not a finite number")]
    public void Command_BadEnd_IsCapturedAsWhatItWas(string how, string kind, int? exitCode, int? signal, string message)
    {
        var failure = sweeps.RunOf(how).GetProperty("failure");

        Assert.Equal(kind, failure.GetProperty("kind").GetString());
        Assert.Contains(message, failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(exitCode, failure.GetProperty("exitCode").Deserialize<int?>());
        Assert.Equal(signal, failure.GetProperty("signal").Deserialize<int?>());
    }

    [Fact]
    public async Task Command_BadEnds_NoRunSucceeded_AndNothingIsLeft()
    {
        Assert.All(sweeps.Ends, end => Assert.True(end.ExitCode == 5, end.Error));
        await Processes.NoneIsLeftAsync(sweeps.Folder);
    }

    [Fact]
    public async Task Command_TakesMoreMemoryThanItAskedFor_IsEndedAsOutOfMemory()
    {
        using var home = new ProgramHome { Way = Way };
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "-c", Hungry },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = 1 },
            resources = new { memory = "64MiB" },
        }));

        var result = await home.RunAsync("sweep", file, "--json");
        var failure = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run").GetProperty("failure");

        Assert.True(result.ExitCode == 5, result.Error);
        Assert.Equal("outOfMemory", failure.GetProperty("kind").GetString());
        Assert.Contains("'resources.memory' is 64 MiB", failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    [Fact]
    public async Task Command_ThatCannotBe_IsAnErrorBeforeTheStart()
    {
        using var home = new ProgramHome { Way = Way };
        var file = home.Write("c.yaml", """
            command: [no-such-program, "${leraningRate}", "x${args}"]
            metric: {name: loss, goal: minimize}
            parameters: {learningRate: [1.0]}
            """);

        var result = await home.RunAsync("sweep", file);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("c.yaml(1,11): error SWP031", result.Error, StringComparison.Ordinal);
        Assert.Contains("c.yaml(1,28): error SWP029: There is no parameter 'leraningRate'", result.Error, StringComparison.Ordinal);
        Assert.Contains("c.yaml(1,47): error SWP029: '${args}'", result.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'learningRate'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_ThatCatchesTheSignalAndExitsWith0_IsCanceledAndGoesOn()
    {
        using var home = new ProgramHome { Way = Way };
        home.Write("job.sh", """
            cd "$ORCHESTRATOR_CHECKPOINT_DIR"
            if [ -e half ]; then echo '{"step": 2, "loss": 1}'; exit 0; fi
            trap 'echo saved > half; exit 0' TERM
            echo '{"step": 1, "loss": 5}'
            echo up > "$1"
            while :; do sleep 0.05; done
            """);
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "${sweepDir}/job.sh", "${sweepDir}/up" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = 1 },
        }));
        using var program = new WatchedProgram(home.Start("sweep", file, "--workers", "1", "--no-progress"));
        await Patience.UntilAsync(() => File.Exists(Path.Combine(home.Folder, "up")), "the command to be up");
        program.Signal(15);

        Assert.Equal(143, await program.EndAsync());
        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal((1, 0), (counts.GetProperty("canceled").GetInt32(), counts.GetProperty("completed").GetInt32()));

        Assert.Equal(0, (await home.RunAsync("resume", "--json")).ExitCode);
        var run = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs")[0];
        Assert.Equal(("completed", 1.0), (run.GetProperty("state").GetString(), run.GetProperty("objective").GetDouble()));
    }

    [Fact]
    public async Task Orchestrator_Killed_TakesEverythingWithIt()
    {
        using var home = new ProgramHome { Way = Way };
        var mark = "7" + Random.Shared.Next(10_000_000, 99_999_999);
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "-c", $"trap '' TERM HUP; ({FurthestAway}sleep {mark} &) ; echo up >&2; sleep {mark}" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = new[] { 1, 2 } },
        }));
        using var process = home.Start("sweep", file, "--workers", "2", "--no-progress");
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await Patience.UntilAsync(() => Processes.With("sleep\0" + mark).Length >= 4, "two runs with two processes each");

        process.Kill();

        await Processes.NoneIsLeftAsync("sleep\0" + mark);
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    /// <summary>One run for each way to leave something behind, one after the other: it is gone at the run's end, not at the program's.</summary>
    protected async Task LeaveBehindAsync(params string[] forks)
    {
        using var home = new ProgramHome { Way = Way };
        var mark = "6" + Random.Shared.Next(1_000_000, 9_999_999);
        for (var i = 0; i < forks.Length; i++)
            home.Write($"{i}.sh", forks[i].Replace("600", mark + i, StringComparison.Ordinal) + "\nsleep 0.3; echo '{\"loss\": 1}'");
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "${sweepDir}/${fork}.sh" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { fork = Enumerable.Range(0, forks.Length) },
        }));
        using var program = new WatchedProgram(home.Start("sweep", file, "--workers", "1", "--no-progress"));

        for (var i = 0; i < forks.Length; i++)
        {
            await program.SaysAsync($"run {i:D6} completed");
            Assert.Empty(Processes.With("sleep\0" + mark + i));
        }

        Assert.Equal(0, await program.EndAsync());
    }
}
