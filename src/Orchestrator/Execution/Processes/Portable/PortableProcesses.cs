using System.Diagnostics;
using System.Text;
using Orchestrator.Execution.Commands;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// Starts the processes of runs by what .NET has on every system. What differs from <see cref="ProcessLauncher"/> stands in
/// docs/isolation.md.
/// </summary>
internal sealed class PortableProcesses : IProcessHost
{
    private const int NoSuchFile = 2; // the same number everywhere

    private readonly Lock _gate = new();

    /// <summary>Where processes can have groups of their own: not on Windows, and not where this program would begin its own work once more.</summary>
    private readonly GroupGuard? _guard = !OperatingSystem.IsWindows() && SelfProgram.CanStart ? new GroupGuard() : null;

    private WorkerDoor? _door;
    private bool _isDisposed;

    /// <summary>What a worker writes to its outputs behind each run; a line that no program prints.</summary>
    public static byte[] MarkOf(string token) => Encoding.ASCII.GetBytes($"\u001e{token}\u001e\n");

    /// <inheritdoc/>
    public void Prepare()
    {
    }

    /// <inheritdoc/>
    public ISignal NewSignal() => new HandleSignal();

    /// <inheritdoc/>
    public StartedCommand StartCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        var (output, error) = (new PumpedBytes(pipes: 1), new PumpedBytes(pipes: 1));
        // .NET would look beside this program and in the current folder first.
        var file = ProgramPath.Problem(command[0], folder) is null ? ProgramPath.Find(command[0], folder) : null;
        var start = _guard is not null && file is not null
            ? StartOf([.. SelfProgram.Command(SelfProgram.Shell)!, file!, .. command.Skip(1)], environment)
            : StartOf([file ?? command[0], .. command.Skip(1)], environment);
        start.WorkingDirectory = folder;
        return new StartedCommand(
            file is null ? PortableProcess.NeverStarted(NoSuchFile, output, error) : PortableProcess.Start(start, _guard, output, error), output, error);
    }

    /// <inheritdoc/>
    public StartedWorker StartWorker(IReadOnlyDictionary<string, string?> environment)
    {
        var command = SelfProgram.Command(SelfProgram.Worker) ?? throw new ProcessLauncherException("The program's own file cannot be found.");
        var (control, channel) = (new WorkerSocketControl(), new WorkerSocketMessages());
        var door = Door();
        var token = door.Expect(control, channel);
        var output = new PumpedBytes(pipes: 2, MarkOf(token));
        var start = StartOf(command, environment);
        start.Environment[WorkerDoor.PathVariable] = door.Path;
        start.Environment[WorkerDoor.TokenVariable] = token;
        var process = PortableProcess.Start(start, _guard, output, output, channel.Received);
        process.WhenEnded(() => door.Forget(token));
        return new StartedWorker(process, channel, control, output);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _door?.Dispose();
            _guard?.Dispose();
        }
    }

    private WorkerDoor Door()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_door is null)
            {
                _door = new WorkerDoor();
                _guard?.Mind(_door.Path);
            }

            return _door;
        }
    }

    private static ProcessStartInfo StartOf(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }
}
