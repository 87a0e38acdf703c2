using System.Diagnostics;
using System.Text;

namespace Orchestrator.EndToEnd.Support;

/// <summary>Runs the program several times in a mount namespace of their own, in which file systems can be mounted without harm to anybody.</summary>
internal sealed class MountedShell(string folder) : IDisposable
{
    public const string Missing = "Mounts cannot be made here (unshare).";

    private readonly StringBuilder _script = new("set -e\n");
    private readonly string _results = Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName;
    private int _calls;

    public static async Task<bool> IsAvailableAsync(string folder) => OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare")
        && (await UnshareAsync(folder, "mount --bind . . && mount -o remount,ro,bind .")).ExitCode == 0;

    /// <summary>A line of shell, which must succeed.</summary>
    public void Do(string line) => _script.AppendLine(line);

    /// <summary>A call of a program that lies beside the tests, whatever comes of it.</summary>
    public void Call(string args, string program = "Orchestrator.App")
    {
        var file = Path.Combine(AppContext.BaseDirectory, program + ".dll");
        _script.AppendLine($"code=0; dotnet '{file}' {args} >{Result("out", _calls)} 2>{Result("err", _calls)} || code=$?; echo $code >{Result("code", _calls)}");
        _calls++;
    }

    /// <summary>Runs the lines; how each call ended.</summary>
    public async Task<ProgramResult[]> RunAsync()
    {
        var ended = await UnshareAsync(folder, _script.ToString());
        Assert.True(ended.ExitCode == 0, ended.Error);
        return [.. Enumerable.Range(0, _calls).Select(i => new ProgramResult(int.Parse(Read("code", i), null), Read("out", i), Read("err", i)))];
    }

    public void Dispose() => Directory.Delete(_results, recursive: true);

    private string Result(string what, int call) => Path.Combine(_results, what + call);

    private string Read(string what, int call) => File.ReadAllText(Result(what, call));

    private static Task<ProgramResult> UnshareAsync(string folder, string script) =>
        ProgramHome.RunAsync(new ProcessStartInfo("/usr/bin/unshare", ["--mount", "--map-root-user", "sh", "-c", script]) { WorkingDirectory = folder });
}
