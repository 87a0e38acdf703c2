using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// Sees to it on Unix that no process group of a run outlives the orchestrator, however that comes to its end: a process of its own is
/// told of each group, and kills those that are left once nobody tells it anything any more. Made when first needed, and again if it is lost.
/// </summary>
internal sealed class GroupGuard : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private Process? _process;
    private bool _isDisposed;

    /// <summary>A group that must not outlive this process.</summary>
    public void Add(int group) => Tell(group, isThere: true);

    /// <summary>Nothing is left of a group: its number may come to mean another.</summary>
    public void Remove(int group) => Tell(group, isThere: false);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _process?.StandardInput.Close(); // it ends by that, with whatever is left
            _process?.Dispose();
        }
    }

    /// <summary>The guard's own program.</summary>
    public static void Serve()
    {
        Posix.BeginSession();
        var groups = new HashSet<int>();
        while (Console.In.ReadLine() is { } line)
        {
            var group = int.Parse(line, CultureInfo.InvariantCulture);
            if (group > 0)
                groups.Add(group);
            else
                groups.Remove(-group);
        }

        foreach (var group in groups)
            _ = Posix.Kill(-group, Libc.SigKill);
    }

    private void Tell(int group, bool isThere)
    {
        lock (_gate)
        {
            if (!(isThere ? _groups.Add(group) : _groups.Remove(group)) || _isDisposed)
                return;
            try
            {
                if (_process is not null)
                {
                    Write(isThere ? group : -group);
                    return;
                }
            }
            catch (Exception cause) when (cause is IOException or InvalidOperationException)
            {
                _process?.Dispose(); // it was killed
                _process = null;
            }

            if (isThere)
                Begin();
        }
    }

    private void Begin()
    {
        var command = SelfProgram.Command(SelfProgram.Guard)!;
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, CreateNoWindow = true };
        foreach (var name in (ReadOnlySpan<string>)["DOTNET_gcConcurrent", "DOTNET_gcServer", "DOTNET_TieredPGO"])
            start.Environment[name] = "0";
        _process = Process.Start(start)!;
        foreach (var group in _groups)
            Write(group);
    }

    private void Write(int number)
    {
        _process!.StandardInput.WriteLine(number.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
    }
}
