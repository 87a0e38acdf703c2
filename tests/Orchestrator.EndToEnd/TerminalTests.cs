using System.Diagnostics;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>What the real program writes to pipes and to a terminal.</summary>
public sealed class TerminalTests
{
    private const char Escape = '\e';

    private const string Sweep = """
        {
          "name": "terminal", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "grid",
          "parameters": {"x": [0.1, 0.2, 0.3, 0.4], "sleep": 0.2, "failureRate": 0.3}, "replicates": 2
        }
        """;

    [Fact]
    public async Task Pipes_GetNoControlCodes_FromAnyVerb()
    {
        using var home = new ProgramHome();
        var file = home.Write("sweep.json", Sweep);
        foreach (var args in new string[][] { ["sweep", file, "--set", "parameters.sleep=0"], ["list"], ["status"], ["runs"], ["best"], ["show", "1"], ["plan", file], ["--help"] })
        {
            var result = await home.RunAsync(args);
            Assert.InRange(result.ExitCode, 0, 4);
            Assert.NotEmpty(result.Output);
            Assert.DoesNotContain(Escape, result.Output);
            Assert.DoesNotContain(Escape, result.Error);
        }
    }

    [Theory]
    [InlineData("xterm-256color", "", "", true)]
    [InlineData("xterm-256color", "NO_COLOR=1", "", true)]
    [InlineData("dumb", "", "", false)]
    [InlineData("xterm", "CI=true", "", false)]
    [InlineData("xterm", "", "--no-progress", false)]
    public async Task Terminal_GetsALiveTable_UnlessAskedNotTo(string term, string variable, string option, bool live)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "This machine has no 'script', which makes a pseudo-terminal.");
        using var home = new ProgramHome();
        var shown = await OnTerminalAsync(home, term, variable, $"sweep {home.Write("sweep.json", Sweep)} --workers 2 {option}");
        Assert.Equal(live, shown.Contains("\e[?25l", StringComparison.Ordinal));
        Assert.Contains("terminal", shown, StringComparison.Ordinal);
        Assert.Contains(" failed", shown, StringComparison.Ordinal);
        if (live)
            Assert.True(shown.LastIndexOf("\e[?25h", StringComparison.Ordinal) > shown.LastIndexOf("\e[?25l", StringComparison.Ordinal), "The cursor is not given back.");
        else
            Assert.Contains(" completed in ", shown, StringComparison.Ordinal);
        if (variable.StartsWith("NO_COLOR", StringComparison.Ordinal))
            Assert.DoesNotMatch("\e\\[[0-9;]*m", shown);
    }

    [Fact]
    public async Task LiveTable_AndAllThreeCtrlCs_OnAScreen()
    {
        Assert.SkipUnless(TerminalScreen.IsAvailable, "This machine has no tmux, which draws a terminal.");
        using var home = new ProgramHome();
        home.Write("stubborn.json", $$"""
            {
              "name": "stubborn", "trainable": {"type": "Orchestrator.EndToEnd.Support.Stubborn", "assembly": "{{typeof(Stubborn).Assembly.Location}}"},
              "metric": {"name": "value", "goal": "minimize"}, "method": "grid", "parameters": {"x": [0.5, 1.5, 2.5]}
            }
            """);
        await using var screen = await TerminalScreen.StartAsync(home, "sweep stubborn.json --workers 2");

        var live = await screen.ShowsAsync("2 running", " 1.5 ", " 0.5 ");
        var lines = live.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();
        Assert.Matches(@"^stubborn \d{8}-\d{6}-\w{4}$", lines[0]);
        Assert.Matches(@"^─+ 0/3 runs · 0 % · 2 running · elapsed \d+ s · left \?$", lines[1]);
        Assert.Equal("best value: none yet", lines[2]);
        Assert.Matches(@"^worker +run +value +step +elapsed +parameters$", lines[3]);
        Assert.Matches(@"^worker-1 +00000[01] +[01]\.5 +7 +\d+ s +x=[01]\.5$", lines[4]);
        Assert.Matches(@"^worker-2 +00000[01] +[01]\.5 +7 +\d+ s +x=[01]\.5$", lines[5]);
        Assert.Equal(6, lines.Length);
        Assert.False(await screen.HasCursorAsync());

        await screen.TypeAsync("C-c");
        live = await screen.ShowsAsync("Stopping: nothing new is started, running runs go on to their end. Ctrl-C again ends them.", "stopping: stopped by Ctrl-C");
        Assert.Contains("2 running", live, StringComparison.Ordinal);
        await screen.TypeAsync("C-c");
        live = await screen.ShowsAsync("Canceling: running runs are ended and can be resumed. Ctrl-C again exits at once.");
        Assert.DoesNotContain("exit code", live, StringComparison.Ordinal); // its runs do not end when asked to
        await screen.TypeAsync("C-c");
        live = await screen.ShowsAsync("Exiting at once. The sweep can be resumed.", "exit code 130");

        Assert.DoesNotContain("worker  ", live, StringComparison.Ordinal); // the table is gone, what was said stays
        Assert.Contains("Stopping: ", live, StringComparison.Ordinal);
        Assert.True(await screen.HasCursorAsync());
        Assert.Equal("interrupted", (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("state").GetString());
    }

    /// <summary>Runs the program on a pseudo-terminal of 70 columns and 12 lines; everything that came out of it.</summary>
    private static async Task<string> OnTerminalAsync(ProgramHome home, string term, string variable, string args)
    {
        var program = $"stty cols 70 rows 12; exec env -u CI -u NO_COLOR TERM={term} {variable} dotnet '{Path.Combine(AppContext.BaseDirectory, "Orchestrator.App.dll")}' {args}";
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", program, "/dev/null"])
        {
            WorkingDirectory = home.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Close();
        await ProgramHome.EndAsync(process);
        return await output + await error;
    }
}
