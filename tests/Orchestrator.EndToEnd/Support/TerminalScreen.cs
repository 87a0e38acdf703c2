using System.Diagnostics;

namespace Orchestrator.EndToEnd.Support;

/// <summary>A pseudo-terminal of 90 columns and 20 lines in which a shell runs the program, drawn by tmux: what a person would see on it.</summary>
internal sealed class TerminalScreen : IAsyncDisposable
{
    private const string Tmux = "/usr/bin/tmux";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _socket;

    private TerminalScreen(string socket) => _socket = socket;

    public static bool IsAvailable => File.Exists(Tmux);

    /// <summary>Starts the program; once it ends the screen says <c>exit code N</c>.</summary>
    public static async Task<TerminalScreen> StartAsync(ProgramHome home, string args)
    {
        var screen = new TerminalScreen(Path.Combine(home.Folder, "tmux"));
        var program = Path.Combine(AppContext.BaseDirectory, "Orchestrator.App.dll");
        home.Write("on-terminal.sh", $"""
            trap '' INT
            cd '{home.Folder}'
            env -u CI -u NO_COLOR --default-signal=INT dotnet '{program}' {args}
            echo "exit code $?"
            exec sleep 1000
            """);
        await screen.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", "90", "-y", "20", "sh " + Path.Combine(home.Folder, "on-terminal.sh"));
        return screen;
    }

    /// <summary>Types keys, as tmux names them.</summary>
    public Task TypeAsync(string keys) => TmuxAsync("send-keys", keys);

    /// <summary>Waits until the screen shows all these texts; the screen then.</summary>
    public async Task<string> ShowsAsync(params string[] texts)
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        while (true)
        {
            var shown = await TmuxAsync("capture-pane", "-p");
            if (texts.All(text => shown.Contains(text, StringComparison.Ordinal)))
                return shown;
            if (deadline.IsCancellationRequested)
                Assert.Fail($"The screen never showed '{string.Join("', '", texts)}'. It shows:\n{shown}");
            await Task.Delay(Look);
        }
    }

    /// <summary>Whether the cursor is shown.</summary>
    public async Task<bool> HasCursorAsync() => (await TmuxAsync("display-message", "-p", "#{cursor_flag}")).Trim() == "1";

    public async ValueTask DisposeAsync() => await RunAsync("kill-server");

    private async Task<string> TmuxAsync(params string[] args)
    {
        var result = await RunAsync(args);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private async Task<ProgramResult> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Tmux, ["-S", _socket, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("TMUX");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await ProgramHome.EndAsync(process);
        return new ProgramResult(process.ExitCode, await output, await error);
    }
}
