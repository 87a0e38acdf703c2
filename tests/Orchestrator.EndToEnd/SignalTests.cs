using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The stages of a Ctrl-C, and SIGTERM, on the real program.</summary>
public sealed class SignalTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>Runs of half a second, and runs that never end.</summary>
    private static string Sweep(double seconds) => $$"""
        {
          "name": "signals", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "grid",
          "parameters": {"x": {"min": 0.0, "max": 1.0, "points": 12}, "sleep": {{seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}
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
        Assert.InRange(completed, 1, 11);
        Assert.Equal(0, sweep.GetProperty("counts").GetProperty("canceled").GetInt32());

        var resumed = await home.RunAsync("resume", "--workers", "12", "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(12, resumed.Json.GetProperty("sweep").GetProperty("counts").GetProperty("completed").GetInt32());
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

    [Fact]
    public async Task Terminate_EndsTheRuns_ExitsWith143_AndResumeGoesOn()
    {
        using var home = new ProgramHome();
        var file = home.Write("sweep.json", Sweep(600));
        using var program = new WatchedProgram(home.Start("sweep", file, "--workers", "2"));
        await program.SaysAsync(" started: ");
        program.Signal(Terminate);
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

    /// <summary>A started program whose standard error is read as it comes.</summary>
    private sealed class WatchedProgram : IDisposable
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
        private readonly Process _process;
        private readonly Task<string> _output;
        private readonly List<string> _said = [];

        public WatchedProgram(Process process) => (_process, _output) = (process, process.StandardOutput.ReadToEndAsync());

        /// <summary>Waits for a line with this text.</summary>
        public async Task SaysAsync(string text)
        {
            using var deadline = new CancellationTokenSource(Deadline);
            while (await _process.StandardError.ReadLineAsync(deadline.Token) is { } line)
            {
                _said.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                    return;
            }

            Assert.Fail($"The program ended without saying '{text}'. It said:\n{string.Join('\n', _said)}");
        }

        public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

        /// <summary>Waits for the end; the exit code.</summary>
        public async Task<int> EndAsync()
        {
            await _process.StandardError.ReadToEndAsync();
            await _output;
            await ProgramHome.EndAsync(_process);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        private static extern int Kill(int process, int signal);
    }
}
