using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>What becomes of the processes of runs: lost, reused, replaced.</summary>
public class ZooProcessTests
{
    /// <summary>Which way processes are started; <see langword="null"/>: the one of this system.</summary>
    protected virtual string? Way => null;

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

    private static string Zoo(string parameters) =>
        $"trainable: bad\nmetric: {{name: loss, goal: minimize}}\nparameters:\n  {parameters}\nisolation: process\n";
}

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooProcessTests : ZooProcessTests
{
    protected override string? Way => "portable";
}
