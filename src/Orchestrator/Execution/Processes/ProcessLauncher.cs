using Microsoft.Extensions.Logging;

namespace Orchestrator.Execution.Processes;

/// <summary>The launcher cannot be started.</summary>
internal sealed class ProcessLauncherException(string message) : Exception(message)
{
    /// <summary>Whatever is started is killed.</summary>
    public static ProcessLauncherException Hopeless() => new(
        $"{ProcessFailures.HopelessStarts} launchers of processes in a row were killed from outside before anything that they had started took a run or ended. "
        + "Find out what kills them: a limit of memory or a policy of this machine. "
        + $"{ProcessWays.Variable}=portable in the environment does without a launcher (docs/isolation.md says what that cannot do).");

    /// <summary>It was started, and ended by itself.</summary>
    public static ProcessLauncherException Of(ProcessEnd end) => new(
        $"The program, started once more as the launcher of processes, ended by itself ({(end.Code < 0 ? ProcessFailures.NameOf(-end.Code) : $"exit code {end.Code}")}) "
        + "before it could start any. What it said is on standard error.");
}

/// <summary>
/// Starts the processes of runs through a launcher (<see cref="LauncherProgram"/>), which is made when first needed and again when it is
/// lost. Safe for concurrent use.
/// </summary>
internal sealed partial class ProcessLauncher(ILogger<ProcessLauncher> logger) : IProcessHost
{
    private static readonly Descriptor Nothing = Descriptor.Nothing();

    private readonly Lock _gate = new();
    private LauncherConnection? _connection;
    private int _lostInRow; // launchers, since one was last of use
    private bool _lookedForLeftOvers;
    private bool _disposed;

    /// <summary>The launcher's own process id; 0: there is none yet.</summary>
    public int Id => _connection?.Id ?? 0;

    /// <inheritdoc/>
    public void Prepare() => Connect();

    /// <inheritdoc/>
    public ISignal NewSignal() => Descriptor.Event();

    /// <inheritdoc/>
    public StartedCommand StartCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        var (output, theirOutput) = Descriptor.Pipe();
        var (error, theirError) = Descriptor.Pipe();
        using (theirOutput)
        using (theirError)
        {
            var process = Start(new ProcessStart(command, environment, folder, [Nothing, theirOutput, theirError]));
            return new StartedCommand(process, output.DoNotWait(), error.DoNotWait());
        }
    }

    /// <inheritdoc/>
    public StartedWorker StartWorker(IReadOnlyDictionary<string, string?> environment)
    {
        var command = SelfProgram.Command(SelfProgram.Worker) ?? throw new ProcessLauncherException("The program's own file cannot be found.");
        var (channel, theirChannel) = Descriptor.SocketPair();
        var (theirControl, control) = Descriptor.Pipe();
        var (output, theirOutput) = Descriptor.Pipe();
        using (theirChannel)
        using (theirControl)
        using (theirOutput)
        {
            var process = Start(new ProcessStart(command, environment, null, [Nothing, theirOutput, theirOutput, theirChannel, theirControl]));
            return new StartedWorker(process, new WireStream(channel), control, output.DoNotWait());
        }
    }

    /// <exception cref="ProcessLauncherException">There is no launcher to be had.</exception>
    private LaunchedProcess Start(ProcessStart start)
    {
        while (true)
        {
            var connection = Connect();
            if (connection.TryStart(start) is { } process)
                return process;
            connection.Lost.Wait(); // it cleans up after itself; then a new one
            if (connection.End is { Way: ProcessEndWay.LauncherFailed } end)
                throw ProcessLauncherException.Of(end); // so would the next one
        }
    }

    /// <summary>Has the launcher made now, so that the first run need not wait for it.</summary>
    public LauncherConnection Connect()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is { IsLost: false } living)
                return living;
            if (!_lookedForLeftOvers)
            {
                _lookedForLeftOvers = true;
                if (ProcessMark.KillLeftOvers() is > 0 and var killed)
                    LogLeftOvers(logger, killed);
            }
            else
            {
                LogLost(logger);
            }

            if (_connection is { } lost)
            {
                _lostInRow = lost.WasOfUse ? 0 : _lostInRow + 1;
                if (_lostInRow == ProcessFailures.HopelessStarts)
                {
                    _lostInRow = 0; // a further sweep may try
                    throw ProcessLauncherException.Hopeless();
                }
            }

            return _connection = LauncherConnection.Open();
        }
    }

    public void Dispose()
    {
        LauncherConnection? connection;
        lock (_gate)
        {
            _disposed = true;
            connection = _connection;
        }

        connection?.Close();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} processes that an orchestrator which is gone had left behind were killed.")]
    private static partial void LogLeftOvers(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The launcher of processes was lost, and with it what it had started; a new one is made.")]
    private static partial void LogLost(ILogger logger);
}
