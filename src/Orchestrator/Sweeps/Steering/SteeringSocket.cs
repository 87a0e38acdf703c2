using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Sweeps.Steering;

/// <summary>
/// The socket on which the process that executes a sweep is told that a request waits in the store. It carries no data: whoever
/// connects waits until the other side closes, and then finds the answer in the store.
/// </summary>
internal static class SteeringSocket
{
    private const string Prefix = "orchestrator-";
    private const string Suffix = ".sock";
    private static readonly string Folder = OperatingSystem.IsWindows() ? Path.GetTempPath() : "/tmp";

    /// <summary>Short and the same for all processes of a user: a socket's path has at most 108 bytes, a home may have more.</summary>
    public static string PathOf(string home, string sweep)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(home + "\n" + sweep));
        return Path.Combine(Folder, $"{Prefix}{Convert.ToHexStringLower(hash.AsSpan(0, 10))}{Suffix}");
    }

    /// <summary>All that stand in the temporary folder, whoever's they are.</summary>
    public static IEnumerable<string> Standing() => Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, Prefix + "*" + Suffix) : [];

    /// <summary>Removes a socket that nobody listens on: its process was killed. Another user's is left alone.</summary>
    public static bool RemoveIfDead(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException cause) when (cause.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return TryRemove(path);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Removes the socket of a sweep that nobody executes: the caller holds its lock.</summary>
    public static bool TryRemove(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Listens; <see langword="null"/> where that cannot be done: requests are then found by the slow look.</summary>
    public static Socket? TryListen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Put in its place when it listens: one that does not yet would be taken for a dead one. What stands there was left by a
            // process that was killed, since the caller holds the sweep's lock.
            var begun = path + ".new";
            File.Delete(begun);
            socket.Bind(new UnixDomainSocketEndPoint(begun));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(begun, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(16);
            File.Move(begun, path, overwrite: true);
            return socket;
        }
        catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Tells the other side and waits until it has answered what waited; false if nobody listens.</summary>
    public static async Task<bool> NudgeAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return await socket.ReceiveAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
