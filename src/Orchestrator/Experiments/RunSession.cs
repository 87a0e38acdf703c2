using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Experiments;

/// <summary>
/// The process that holds runs by hand: a kernel lock on a file of its own in the home, one for any number of runs. It is gone with the
/// process, however that ends; whoever then looks knows that the runs which name it are lost.
/// </summary>
internal sealed class RunSession : IDisposable
{
    private readonly FileStream _file;

    private RunSession(string id, FileStream file) => (Id, _file) = (id, file);

    public string Id { get; }

    /// <summary>Takes a session of a new name: nobody can have looked at it before it is locked.</summary>
    public static RunSession Take(string home)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        Directory.CreateDirectory(FolderIn(home));
        // FileShare.None is a flock(2) here.
        var file = new FileStream(PathOf(home, id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        file.Write(Encoding.UTF8.GetBytes($"{Environment.MachineName} {Environment.ProcessId}\n"));
        return new RunSession(id, file);
    }

    /// <summary>Whether the process of a session is there. Takes nothing and makes nothing.</summary>
    public static bool IsAlive(string home, string id)
    {
        try
        {
            using var file = new FileStream(PathOf(home, id), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return true; // locked; or somebody else's, of which nothing is known
        }
    }

    /// <summary>Removes what a dead session left; another one's look may be in the way, then the next removes it.</summary>
    public static void Forget(string home, string id)
    {
        try
        {
            File.Delete(PathOf(home, id));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // It is an empty file that nobody asks for any more.
        }
    }

    /// <summary>
    /// Removes what sessions left that were killed while they held no run. Only what is older than a day: a session that is just being taken has
    /// a file that is not locked yet.
    /// </summary>
    public static void ForgetOld(string home, DateTimeOffset now)
    {
        if (!Directory.Exists(FolderIn(home)))
            return;
        foreach (var file in Directory.EnumerateFiles(FolderIn(home), "*.lock"))
        {
            var id = Path.GetFileNameWithoutExtension(file);
            if (now - File.GetLastWriteTimeUtc(file) > TimeSpan.FromDays(1) && !IsAlive(home, id))
                Forget(home, id);
        }
    }

    public void Dispose()
    {
        File.Delete(_file.Name); // before it is unlocked: a session that is not there is a dead one, too
        _file.Dispose();
    }

    private static string FolderIn(string home) => Path.Combine(home, "sessions");

    private static string PathOf(string home, string id) => Path.Combine(FolderIn(home), Path.GetFileName(id) + ".lock");
}
