using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The stages of a Ctrl-C, and SIGTERM, on the real program.</summary>
public sealed class SignalTests
{
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>Runs of half a second, and runs that never end.</summary>
    private static string Sweep(double seconds) => $$"""
        {
          "name": "signals", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "grid",
          "parameters": {"x": {"min": 0.0, "max": 1.0, "points": 60}, "sleep": {{seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}
        }
        """;

    [Fact]
    public async Task FirstInterrupt_LetsRunsFinish_AndResumeRunsTheRest()
    {
        using var home = new ProgramHome();
        using var program = new WatchedProgram(home.Start("sweep", home.Write("sweep.json", Sweep(0.5)), "--workers", "2"));
        await program.SaysAsync(" started: ");
        program.Signal(Interrupt);
        await program.SaysAsync("Ctrl-C again");

        Assert.Equal(130, await program.EndAsync());
        var sweep = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep");
        Assert.Equal("stopped", sweep.GetProperty("state").GetString());
        var completed = sweep.GetProperty("counts").GetProperty("completed").GetInt32();
        Assert.InRange(completed, 1, 59);
        Assert.Equal(0, sweep.GetProperty("counts").GetProperty("canceled").GetInt32());

        var resumed = await home.RunAsync("resume", "--workers", "60", "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(60, resumed.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
    }

    [Fact]
    public async Task SecondInterrupt_EndsTheRuns_WhichCanBeResumed()
    {
        using var home = new ProgramHome();
        using var program = new WatchedProgram(home.Start("sweep", home.Write("sweep.json", Sweep(600)), "--workers", "2"));
        await program.SaysAsync(" started: ");
        program.Signal(Interrupt);
        await program.SaysAsync("Stopping");
        program.Signal(Interrupt);
        await program.SaysAsync("Canceling");

        Assert.Equal(130, await program.EndAsync());
        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal(0, counts.GetProperty("running").GetInt32());
        Assert.InRange(counts.GetProperty("canceled").GetInt32(), 1, 2);
    }

    [Theory]
    [InlineData(Terminate)]
    [InlineData(HangUp)]
    public async Task Terminate_EndsTheRuns_ExitsWith143_AndResumeGoesOn(int signal)
    {
        Assert.SkipWhen(signal == HangUp && IsIgnored(HangUp), "SIGHUP is ignored here, as below nohup, and so it is by the program");
        using var home = new ProgramHome();
        var file = home.Write("sweep.json", Sweep(600));
        using var program = new WatchedProgram(home.Start("sweep", file, "--workers", "2"));
        await program.SaysAsync(" started: ");
        program.Signal(signal);
        Assert.Equal(143, await program.EndAsync());

        using var again = new WatchedProgram(home.Start("resume", "--workers", "2"));
        await again.SaysAsync(" started (attempt 2): ");
        again.Signal(Terminate);
        Assert.Equal(143, await again.EndAsync());
    }

    [Fact]
    public async Task ResumeOfWhatAnotherProcessExecutes_ExitsWith6()
    {
        using var home = new ProgramHome();
        using var program = new WatchedProgram(home.Start("sweep", home.Write("sweep.json", Sweep(600)), "--workers", "1"));
        await program.SaysAsync(" started: ");

        var second = await home.RunAsync("resume", "--json");
        Assert.Equal(6, second.ExitCode);
        Assert.Equal("busy", second.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("running", (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("state").GetString());

        program.Signal(Terminate);
        Assert.Equal(143, await program.EndAsync());
    }

    [Fact]
    public async Task StatusAfterAKill_IsInterrupted()
    {
        using var home = new ProgramHome();
        using var program = new WatchedProgram(home.Start("sweep", home.Write("sweep.json", Sweep(600)), "--workers", "1"));
        await program.SaysAsync(" started: ");
        program.Signal(9);
        await program.EndAsync();

        var sweep = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep");
        Assert.Equal("interrupted", sweep.GetProperty("state").GetString());
        Assert.Equal(0, sweep.GetProperty("counts").GetProperty("running").GetInt32());
    }

    /// <summary>Whether this process, and with it those that it starts, ignores a signal.</summary>
    private static bool IsIgnored(int signal)
    {
        const string Field = "SigIgn:";
        var line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Field.Length..].Trim(), 16) >> (signal - 1) & 1) != 0;
    }
}
