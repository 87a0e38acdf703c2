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
    /// <summary>Short and the same for all processes of a user: a socket's path has at most 108 bytes, a home may have more.</summary>
    public static string PathOf(string home, string sweep)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(home + "\n" + sweep));
        return Path.Combine("/tmp", $"orchestrator-{Convert.ToHexStringLower(hash.AsSpan(0, 10))}.sock");
    }

    /// <summary>Listens; <see langword="null"/> where that cannot be done: requests are then found by the slow look.</summary>
    public static Socket? TryListen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path); // left by a process that was killed: the caller holds the sweep's lock, so nobody listens on it
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(16);
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
