using System.Diagnostics;
using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Runs that behave badly, each beside two that do not: what docs/isolation.md says of each, and its siblings finish.</summary>
public class ZooTests
{
    /// <summary>Which way processes are started; <see langword="null"/>: the one of this system.</summary>
    protected virtual string? Way => null;

    [Theory]
    [InlineData("throws", "failed", "exception", null)]
    [InlineData("throws-elsewhere", "failed", "signal", 6)]
    [InlineData("fails-fast", "failed", "signal", 6)]
    [InlineData("aborts", "failed", "signal", 6)]
    [InlineData("overflows", "failed", "signal", 6)]
    [InlineData("exits", "failed", "exit", null)]
    [InlineData("kills-itself", "failed", "workerLost", 9)]
    [InlineData("loops", "failed", "timeout", null)]
    [InlineData("listens", "failed", "timeout", null)]
    [InlineData("closes-its-channel", "failed", "signal", 9)]
    [InlineData("reports-nan", "failed", "nonFinite", null)]
    [InlineData("reports-nothing", "failed", "invalidResult", null)]
    [InlineData("reports-late", "completed", null, null)]
    [InlineData("deletes-folder", "completed", null, null)]
    [InlineData("fills-disk", "failed", "resourceLimit", null)]
    [InlineData("exceeds-file-size", "failed", "resourceLimit", 25)]
    [InlineData("saves-too-much", "failed", "resourceLimit", null)]
    [InlineData("forks-away", "completed", null, null)]
    [InlineData("allocates", "failed", "outOfMemory", null)]
    [InlineData("runs-out-elsewhere", "failed", "outOfMemory", 6)]
    [InlineData("allocates-natively", "failed", "outOfMemory", null)]
    [InlineData("allocates-shared-memory", "failed", "outOfMemory", null)]
    [InlineData("maps-a-file", "completed", null, null)]
    public async Task Process_BadRun_HarmsOnlyItself(string how, string state, string? kind, int? signal)
    {
        Assert.SkipWhen(how == "closes-its-channel" && Way is not null, "It closes descriptors by the numbers that a launcher gives; on the portable way those are the runtime's own.");
        Assert.SkipWhen(how == "maps-a-file" && Way is not null, "On the portable way files that are mapped count.");
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", $$"""
            trainable: bad
            metric: {name: loss, goal: minimize}
            parameters: {how: [{{how}}, fine], x: 5.0}
            replicates: 2
            isolation: process
            resources: { {{(how.StartsWith("allocates", StringComparison.Ordinal) || how == "maps-a-file" ? "memory: 256MiB" : how == "saves-too-much" ? "artifacts: 2KB" : "cpus: 1")}} }
            timeout: {{(how is "loops" or "listens" ? "1s" : "5m")}}
            """);

        var result = await home.RunAsync("sweep", file, "--workers", "2", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToArray();

        Assert.True(result.ExitCode == (kind is null ? 0 : 4), result.Error);
        foreach (var run in runs)
        {
            var isBad = run.GetProperty("parameters").GetProperty("how").GetString() == how;
            Assert.Equal(isBad ? state : "completed", run.GetProperty("state").GetString());
            if (isBad && kind is not null)
            {
                var failure = run.GetProperty("failure");
                Assert.Equal(kind, failure.GetProperty("kind").GetString());
                if (signal is { } number)
                    Assert.Equal(number, failure.GetProperty("signal").GetInt32());
            }

            if (state == "completed" || !isBad)
                Assert.Equal(how == "deletes-folder" && isBad ? 2.0 : 5.0, run.GetProperty("objective").GetDouble());
        }

        Assert.Equal(4, runs.Length);
        if (how == "forks-away" && Way is not null)
            KillThoseThatForkedAway(runs); // a difference of the portable way: nobody else does
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    [Theory]
    [InlineData(false, "1GiB")]
    [InlineData(true, "1GiB")]
    [InlineData(true, "300MiB")]
    public async Task Process_NeedsMoreThanItsMemory_IsTriedAgainAloneWithAllThatThePoolHas(bool native, string pool)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        home.Environment["Orchestrator__Pools__default__Memory"] = pool;
        var file = home.Write("zoo.yaml", $$"""
            trainable: bad
            metric: {name: loss, goal: minimize}
            parameters: {how: [needs, fine], native: {{(native ? "true" : "false")}}, holds: {{(pool == "300MiB" ? "true" : "false")}}, x: 5.0}
            replicates: 4
            isolation: process
            resources: {memory: 100MiB}
            retry: {maxAttempts: 5}
            """);

        var result = await home.RunAsync("sweep", file, "--workers", "2", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray()
            .Where(r => r.GetProperty("parameters").GetProperty("how").GetString() == "needs").ToArray();

        Assert.Equal(4, runs.Length);
        Assert.All(runs, r => Assert.Equal(2, r.GetProperty("attempts").GetInt32()));
        if (pool == "300MiB")
        {
            Assert.Equal(4, result.ExitCode);
            Assert.All(runs, r => Assert.Equal("outOfMemory", r.GetProperty("failure").GetProperty("kind").GetString()));
            Assert.All(runs, r => Assert.Matches(@"its pool has 300 MiB\..* ran alone", r.GetProperty("failure").GetProperty("message").GetString()!));
            return;
        }

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var spans = runs.Select(r => r.GetProperty("metrics")).Select(m => (From: m.GetProperty("began").GetDouble(), To: m.GetProperty("ended").GetDouble())).Order().ToArray();
        Assert.All(spans.Zip(spans.Skip(1)), p => Assert.True(p.First.To <= p.Second.From));
        Assert.All(runs, r => Assert.Equal((1L << 30) / 5 * 4, r.GetProperty("metrics").GetProperty("mayHave").GetInt64()));
        await Processes.NoneIsLeftAsync(home.Folder);
    }

    [Fact]
    public async Task Process_KillsItselfOverAndOver_LossesAreCountedOverResumes()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var temporary = Directory.CreateDirectory(Path.Combine(home.Folder, "t"));
        home.Environment["TMPDIR"] = temporary.FullName;
        string[] verb = ["sweep", home.Write("zoo.yaml", Zoo("how: kills-itself-if-told") + "timeout: 1m\n"), "--no-progress"];
        for (var loss = 1; loss < 3; loss++)
        {
            home.Write("go", "");
            using var program = new WatchedProgram(home.Start(verb));
            await program.SaysAsync("is tried again");
            program.Signal(9);
            await program.EndAsync();
            verb = ["resume", "--no-progress"];
        }

        home.Write("go", "");
        var result = await home.RunAsync(verb);
        var failure = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run").GetProperty("failure");

        Assert.Equal("workerLost", failure.GetProperty("kind").GetString());
        Assert.DoesNotContain("is tried again", result.Error, StringComparison.Ordinal);
        await Processes.NoneIsLeftAsync(home.Folder);
        Assert.Empty(temporary.GetFileSystemInfos("orchestrator*")); // of those that were killed, too
    }

    [Fact]
    public async Task Process_WorkerIsLostAgainAndAgain_TheEndSaysThatTheSweepIsNoLongerRepeatable()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", Zoo("how: [fine, kills-itself]") + "reproducible: true\n");

        var result = await home.RunAsync("sweep", file);
        var lost = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("reproducible").GetProperty("lost").GetString();

        Assert.Equal("run 1 ended by workerLost in attempt 3", lost);
        Assert.Contains($"no longer repeatable: {lost}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_NativeCrash_TheLogSaysWhy()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", Zoo("how: fails-fast"));

        await home.RunAsync("sweep", file);
        var failure = (await home.RunAsync("show", "0", "--json")).Json.GetProperty("run").GetProperty("failure");

        Assert.Contains("on purpose", failure.GetProperty("logTail").GetString(), StringComparison.Ordinal);
        Assert.Contains("SIGABRT", failure.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trainable: bad\nparameters: {how: prints, bytes: 1000000000}\nisolation: process\n")]
    [InlineData("command: [sh, -c, 'echo \"{\\\"loss\\\": 1}\"; yes aGreatDealOfText | head -c 1000000000']\nparameters: {x: 1}\n")]
    public async Task PrintsAGigabyte_LogIsCappedAndMemoryFlat(string sweep)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", sweep + "metric: {name: loss, goal: minimize}\n");
        using var process = home.Start("sweep", file, "--workers", "1", "--no-progress");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();

        var most = 0L;
        while (!process.HasExited)
        {
            await Task.Delay(50);
            most = Math.Max(most, Processes.With(home.Folder).Select(ResidentOf).DefaultIfEmpty().Max());
        }

        Assert.True(process.ExitCode == 0, await error + await output);
        var log = new FileInfo(Directory.EnumerateFiles(home.Folder, "run.log", SearchOption.AllDirectories).Single());
        Assert.InRange(log.Length, 9_000_000, 11_000_000);
        Assert.InRange(most, 1, 250_000_000);
    }

    [Fact]
    public async Task Process_ReusedWorker_FindsNoTracesButStatics_AndAFreshOneNone()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        const string Ways = "how: [leaves-traces, finds-traces]";
        var warm = home.Write("warm.yaml", Zoo(Ways));
        var fresh = home.Write("fresh.yaml", Zoo(Ways).Replace("isolation: process", "isolation: {type: process, recycleAfter: 1}", StringComparison.Ordinal));

        foreach (var (file, visits) in new[] { (warm, 2), (fresh, 1) })
        {
            var result = await home.RunAsync("sweep", file, "--workers", "1", "--json");
            Assert.True(result.ExitCode == 0, result.Error);
            var metrics = (await home.RunAsync("show", "1", "--json")).Json.GetProperty("run").GetProperty("metrics");
            Assert.Equal(0, metrics.GetProperty("traces").GetDouble());
            Assert.Equal(visits, metrics.GetProperty("visits").GetDouble());
        }
    }

    [Fact]
    public async Task Process_SpoiledByAnEarlierRun_IsReplacedAndNamed()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", Zoo("how: [spoils-its-process, fails-if-spoiled]") + "replicates: 10\n");

        var result = await home.RunAsync("sweep", file, "--workers", "1", "--json", "--no-progress");

        var counts = result.Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal((3, 17), (counts.GetProperty("failed").GetInt32(), counts.GetProperty("completed").GetInt32()));
        Assert.Contains("3 runs in a row had failed in it, and the next one succeeded in a new process", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_RegisteredDelegate_IsExecutedThere()
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("d.yaml", """
            trainable: registered-delegate
            metric: {name: loss, goal: minimize}
            parameters: {x: [3.0, 2.0]}
            isolation: process
            """);

        var result = await home.RunAsync("sweep", file, "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(2.0, result.Json.GetProperty("sweep").GetProperty("best").GetProperty("objective").GetDouble());
    }

    private static void KillThoseThatForkedAway(JsonElement[] runs)
    {
        foreach (var id in runs.SelectMany(r => Processes.With($"sleep\0987{r.GetProperty("number").GetInt64()}")))
            Process.GetProcessById(id).Kill();
    }

    private static string Zoo(string parameters) =>
        $"trainable: bad\nmetric: {{name: loss, goal: minimize}}\nparameters:\n  {parameters}\nisolation: process\n";

    private static long ResidentOf(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.WorkingSet64;
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }
}

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooTests : ZooTests
{
    protected override string? Way => "portable";
}
