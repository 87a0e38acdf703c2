namespace Orchestrator.Sweeps;

/// <summary>
/// Who executes a sweep on this machine: a kernel lock on a file in the sweep's folder. It is gone with its process, however that
/// ends, so a sweep can be resumed at once after a kill.
/// </summary>
internal sealed class SweepLock : IDisposable
{
    /// <summary>A look takes microseconds, or as long as its thread waits for a processor in the middle of it: on a busy machine that is longer than one thinks.</summary>
    private const int MostLooks = 10_000;
    private static readonly TimeSpan LookTakes = TimeSpan.FromMilliseconds(1);

    private readonly FileStream _file;

    private SweepLock(FileStream file) => _file = file;

    /// <summary>The lock, or <see langword="null"/> if another process (or another sweep of this one) holds it.</summary>
    public static SweepLock? TryTake(string sweepFolder)
    {
        Directory.CreateDirectory(sweepFolder);
        for (var left = MostLooks; ; left--)
        {
            try
            {
                // FileShare.None is a flock(2) here. The file stays: removing it would let two processes lock two files of one name.
                return new SweepLock(new FileStream(PathIn(sweepFolder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (left > 0 && File.Exists(PathIn(sweepFolder)))
            {
                if (IsHeld(sweepFolder))
                    return null;
                using var moment = new ManualResetEventSlim();
                moment.Wait(LookTakes); // only somebody's look was in the way
            }
        }
    }

    /// <summary>Whether somebody executes the sweep. Takes nothing and makes nothing.</summary>
    public static bool IsHeld(string sweepFolder)
    {
        try
        {
            using var file = new FileStream(PathIn(sweepFolder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathIn(string sweepFolder) => Path.Combine(sweepFolder, ".lock");
}
