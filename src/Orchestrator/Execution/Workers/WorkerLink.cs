using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Processes.Portable;

namespace Orchestrator.Execution.Workers;

/// <summary>What binds a worker's process to the orchestrator that started it, seen from the process.</summary>
internal abstract class WorkerLink : IDisposable
{
    /// <summary>What it and the orchestrator tell each other.</summary>
    public abstract MessageStream Channel { get; }

    /// <summary>The link of this process; <see langword="null"/>: whoever started it is gone already.</summary>
    public static WorkerLink? Open() =>
        Environment.GetEnvironmentVariable(WorkerDoor.PathVariable) is { } path ? SocketLink.Open(path) : LauncherLink.Open();

    /// <summary>Waits for what is urgent; 0: the process must end.</summary>
    public abstract int ReadControl(Span<byte> buffer);

    /// <summary>A run has ended and prints no more.</summary>
    /// <returns>Whether processes that it started may be left, and the orchestrator should look for them.</returns>
    public abstract bool RunEnded();

    public abstract void Dispose();
}

/// <summary>A worker that a launcher started: it was given descriptors.</summary>
internal sealed class LauncherLink : WorkerLink
{
    private readonly WireStream _channel = new(new Descriptor(SelfProgram.Channel));
    private readonly Descriptor _control = new(SelfProgram.Control);
    private readonly ChildWatch _children = new();

    public override MessageStream Channel => _channel;

    public static new WorkerLink? Open()
    {
        // The launcher's death must be ours, too; and it may have died before this line.
        _ = Libc.ProcessControl(Libc.SetParentDeathSignal, Libc.SigKill, 0, 0, 0);
        if (Libc.ParentProcess() == 1)
            return null;
        _ = Libc.Control(SelfProgram.Channel, 2, 1);
        _ = Libc.Control(SelfProgram.Control, 2, 1);
        return new LauncherLink();
    }

    public override int ReadControl(Span<byte> buffer) => _control.Read(buffer);

    public override bool RunEnded() => _children.Look();

    public override void Dispose()
    {
        _channel.Dispose();
        _control.Dispose();
    }
}

/// <summary>A worker that was started the portable way: it calls at the orchestrator's door.</summary>
internal sealed class SocketLink : WorkerLink
{
    private readonly SocketMessages _channel;
    private readonly Socket _control;
    private readonly byte[] _mark;
    private readonly Stream[] _outputs = [Console.OpenStandardOutput(), Console.OpenStandardError()];
    private readonly PosixSignalRegistration _interrupt;

    private SocketLink(Socket channel, Socket control, string token)
    {
        (_channel, _control, _mark) = (new SocketMessages(channel), control, PortableProcesses.MarkOf(token));
        // The orchestrator's Ctrl-C lets runs end; where the terminal tells it to us, too, it is not for us.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
    }

    public override MessageStream Channel => _channel;

    public static WorkerLink? Open(string path)
    {
        if (!OperatingSystem.IsWindows())
            Posix.BeginSession();
        var token = Environment.GetEnvironmentVariable(WorkerDoor.TokenVariable) ?? "";
        // Not for what the run starts.
        Environment.SetEnvironmentVariable(WorkerDoor.PathVariable, null);
        Environment.SetEnvironmentVariable(WorkerDoor.TokenVariable, null);
        var control = Call(path, token, WorkerDoor.ControlLine);
        var channel = control is null ? null : Call(path, token, WorkerDoor.ChannelLine);
        return channel is null ? null : new SocketLink(channel, control!, token);
    }

    public override int ReadControl(Span<byte> buffer) => SocketBytes.Receive(_control, buffer);

    public override bool RunEnded()
    {
        try
        {
            Console.Out.Flush();
            Console.Error.Flush();
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // the run has closed them
        }

        foreach (var output in _outputs)
        {
            try
            {
                output.Write(_mark);
                output.Flush();
            }
            catch (IOException)
            {
                // the same
            }
        }

        return false;
    }

    public override void Dispose()
    {
        _interrupt.Dispose();
        _channel.Dispose();
        _control.Dispose();
    }

    private static Socket? Call(string path, string token, byte line)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send([.. Encoding.ASCII.GetBytes(token), line]);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}

/// <summary>Tells, without a look at the system's table, whether this process has, or has had, children since the last look.</summary>
internal sealed unsafe class ChildWatch
{
    private const int OfChildren = -1;
    private const int MinorFaults = 8; // the position in struct rusage, which is 18 longs
    private long _faults;

    public bool Look()
    {
        var usage = stackalloc long[18];
        _ = Libc.Usage(OfChildren, usage);
        var before = _faults;
        _faults = usage[MinorFaults];
        // Whoever ran at all has had page faults; those who still run are children that can be waited for.
        Libc.ChildInfo info;
        return _faults != before || Libc.WaitId(0, 0, &info, Libc.WaitExited | Libc.WaitLeave | Libc.WaitNoHang) == 0;
    }
}
