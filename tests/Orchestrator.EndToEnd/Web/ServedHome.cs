using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchestrator.EndToEnd.Support;
using Orchestrator.Web.Hosting;

namespace Orchestrator.EndToEnd.Web;

/// <summary>A running <c>serve</c>.</summary>
internal sealed class ServedHome : ServedHomeBrowser
{
    private const string LinkPrefix = "Dashboard: ";

    private readonly Process _process;
    private readonly Task<string> _error;

    private readonly string _home;

    private ServedHome(Process process, Uri link, Task<string> error, string home)
        : base(link) => (_process, _error, _home) = (process, error, home);

    protected override string? OwnerToken => ServeRecord.Find(_home)!.Token;

    /// <summary>Starts it on a free port of the loopback interface, unless the arguments say otherwise.</summary>
    public static async Task<ServedHome> StartAsync(ProgramHome home, params string[] args)
    {
        var process = home.Start(["serve", .. args.Contains("--urls") ? args : ["--urls", "http://127.0.0.1:0", .. args]]);
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith(LinkPrefix, StringComparison.Ordinal))
                return new ServedHome(process, new Uri(line[LinkPrefix.Length..]), error, Path.Combine(home.Folder, ".orchestrator"));
        }

        throw new InvalidOperationException($"'serve' ended: {await error}");
    }

    /// <summary>Kills it without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ProgramHome.EndAsync(_process);
    }

    /// <summary>Ends it as a service manager does; its exit code and what it said.</summary>
    public async Task<(int ExitCode, string Error)> TerminateAsync()
    {
        const int Terminate = 15;
        Assert.Equal(0, Signal(_process.Id, Terminate));
        await ProgramHome.EndAsync(_process);
        return (_process.ExitCode, await _error);
    }

    public override void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        base.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
