using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// Sees to it on Unix that neither a process group of a run nor the workers' door outlives the orchestrator, however that comes to its end: a
/// process of its own is told of each, and kills and removes those that are left once nobody tells it anything any more. Made when first needed,
/// and again if it is lost.
/// </summary>
internal sealed class GroupGuard : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private string? _door;
    private Process? _process;
    private bool _isDisposed;

    /// <summary>A group that must not outlive this process.</summary>
    public void Add(int group) => Tell(group, isThere: true);

    /// <summary>The door's socket, in a folder of its own: neither must outlive this process.</summary>
    public void Mind(string door)
    {
        lock (_gate)
        {
            _door = door;
            try
            {
                if (_process is not null)
                    Write(door);
            }
            catch (Exception cause) when (cause is IOException or InvalidOperationException)
            {
                // It was killed; the next one is told at its beginning.
            }
        }
    }

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
        string? door = null;
        while (Console.In.ReadLine() is { } line)
        {
            if (Path.IsPathRooted(line))
            {
                door = line;
                continue;
            }

            var group = int.Parse(line, CultureInfo.InvariantCulture);
            if (group > 0)
                groups.Add(group);
            else
                groups.Remove(-group);
        }

        foreach (var group in groups)
            _ = Posix.Kill(-group, Libc.SigKill);
        if (door is not null)
            WorkerDoor.Remove(door);
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
        if (_door is not null)
            Write(_door);
        foreach (var group in _groups)
            Write(group);
    }

    private void Write(int number) => Write(number.ToString(CultureInfo.InvariantCulture));

    private void Write(string line)
    {
        _process!.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }
}
