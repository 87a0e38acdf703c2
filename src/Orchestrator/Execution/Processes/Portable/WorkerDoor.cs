using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Execution.Processes.Portable;

/// <summary>
/// The socket at which workers call: a Unix domain socket in a folder of its own that only this user may enter. Each says first the token
/// that it was started with, and which of its two lines this is.
/// </summary>
internal sealed class WorkerDoor : IDisposable
{
    /// <summary>Where it is, and the worker's token, in the environment of a worker.</summary>
    public const string PathVariable = "ORCHESTRATOR_WORKER_SOCKET";
    public const string TokenVariable = "ORCHESTRATOR_WORKER_TOKEN";

    public const byte ControlLine = 1;
    public const byte ChannelLine = 2;
    public const int TokenLength = 32;

    /// <summary>macOS allows 104 bytes, Linux 108, each with the zero at the end.</summary>
    private const int LongestPath = 103;

    private const int CallerSpeaksWithin = 5_000; // milliseconds

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (WorkerSocketControl Control, WorkerSocketMessages Channel)> _expected = new(StringComparer.Ordinal);
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <exception cref="ProcessLauncherException">There can be no such socket.</exception>
    public WorkerDoor()
    {
        try
        {
            Path = System.IO.Path.Combine(NewFolder(), "door");
            _listener.Bind(new UnixDomainSocketEndPoint(Path));
            _listener.Listen(128);
        }
        catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            throw new ProcessLauncherException($"The socket for workers cannot be made in '{System.IO.Path.GetTempPath()}': {cause.Message}");
        }

        new Thread(Listen, maxStackSize: 256 * 1024) { IsBackground = true, Name = "worker door" }.UnsafeStart();
    }

    public string Path { get; }

    /// <summary>A token for a worker that will call.</summary>
    public string Expect(WorkerSocketControl control, WorkerSocketMessages channel)
    {
        var token = RandomNumberGenerator.GetHexString(TokenLength, lowercase: true);
        lock (_gate)
            _expected.Add(token, (control, channel));
        return token;
    }

    /// <summary>The worker has ended: nobody calls by its token any more.</summary>
    public void Forget(string token)
    {
        lock (_gate)
            _expected.Remove(token);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Remove(Path);
    }

    /// <summary>Removes a door and its folder, if they are still there.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
            Directory.Delete(System.IO.Path.GetDirectoryName(path)!);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // a folder in the temporary one: the system removes it some day
        }
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;
        if (Encoding.UTF8.GetByteCount(folder) + "/door".Length <= LongestPath || OperatingSystem.IsWindows())
            return folder;
        Directory.Delete(folder);
        // A temporary folder with a long name: the one that every Unix has, in a folder that is ours alone.
        folder = $"/tmp/orchestrator-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    private void Listen()
    {
        Span<byte> hello = stackalloc byte[TokenLength + 1];
        while (true)
        {
            Socket caller;
            try
            {
                caller = _listener.Accept();
            }
            catch (SocketException) when (!_listener.SafeHandle.IsClosed)
            {
                continue; // whoever called has hung up
            }
            catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (!TryLetIn(caller, hello))
                caller.Dispose();
        }
    }

    private bool TryLetIn(Socket caller, Span<byte> hello)
    {
        caller.ReceiveTimeout = CallerSpeaksWithin;
        for (var have = 0; have < hello.Length;)
        {
            var count = SocketBytes.Receive(caller, hello[have..]);
            if (count == 0)
                return false;
            have += count;
        }

        caller.ReceiveTimeout = 0;
        (WorkerSocketControl Control, WorkerSocketMessages Channel) lines;
        lock (_gate)
        {
            if (!_expected.TryGetValue(Encoding.ASCII.GetString(hello[..TokenLength]), out lines))
                return false;
        }

        if (hello[TokenLength] == ControlLine)
            lines.Control.Attach(caller);
        else
            lines.Channel.Attach(caller);
        return true;
    }
}
