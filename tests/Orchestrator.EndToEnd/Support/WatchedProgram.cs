using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.EndToEnd.Support;

/// <summary>A started program whose standard error is read as it comes.</summary>
internal sealed class WatchedProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _said = [];

    public WatchedProgram(Process process) => (_process, _output) = (process, process.StandardOutput.ReadToEndAsync());

    /// <summary>What it printed on standard output; complete after <see cref="EndAsync"/>.</summary>
    public Task<string> Output => _output;

    /// <summary>Waits for a line with this text.</summary>
    public async Task SaysAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        while (await _process.StandardError.ReadLineAsync(deadline.Token) is { } line)
        {
            _said.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"The program ended without saying '{text}'. It said:\n{string.Join('\n', _said)}");
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Signals it and what is in its process group, as a terminal does. It must be <see cref="ProgramHome.InOwnSession"/>.</summary>
    public void SignalGroup(int signal) => Assert.Equal(0, Kill(-_process.Id, signal));

    /// <summary>The files that are mapped into it now.</summary>
    public async Task<IReadOnlyList<string>> LoadedAsync() =>
        [.. (await File.ReadAllLinesAsync($"/proc/{_process.Id}/maps")).Select(line => line.Split(' ')[^1]).Distinct()];

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        await _process.StandardError.ReadToEndAsync(deadline.Token);
        await _output.WaitAsync(deadline.Token);
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
