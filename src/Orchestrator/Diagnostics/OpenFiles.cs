using System.Text;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Diagnostics;

/// <summary>
/// How many files this process may have open. .NET keeps each part of a program open that it has loaded, and dies without a word where it can load
/// no more: so whether there are enough is asked first of all, by what needs nothing to be loaded.
/// </summary>
internal static unsafe class OpenFiles
{
    /// <summary>What a sweep takes by itself (185 were seen on Linux), and a few runs. Those who only look take less.</summary>
    public const int Least = 256;

    /// <summary>A run's pipes, sockets and log, its trackers' files, and a process that is kept warm.</summary>
    private const int PerWorker = 8;

    private const int StandardError = 2;

    /// <summary>The limit; <see langword="null"/>: none that is known.</summary>
    public static long? Limit
    {
        get
        {
            var limit = stackalloc ulong[2];
            return (Libc.IsHere || OperatingSystem.IsMacOS()) && Libc.GetLimit(OperatingSystem.IsMacOS() ? 8 : 7, limit) == 0 && limit[0] < int.MaxValue
                ? (long)limit[0]
                : null;
        }
    }

    /// <summary>What to do where they run out, as the end of a message.</summary>
    public const string Remedy = "Raise the limit (ulimit -n), or have fewer runs at once (--workers).";

    /// <summary>Whether this is why something failed: it is everybody's, and no run's own.</summary>
    public static bool RanOut(Exception cause) => cause is IOException { HResult: Libc.TooManyOpenFiles or Libc.TooManyOpenFilesOfAll } && !OperatingSystem.IsWindows();

    /// <summary>What is enough for so many runs at once.</summary>
    public static long EnoughFor(int workers) => Least + ((long)PerWorker * workers);

    /// <summary>How many runs at once a limit is enough for.</summary>
    public static long RunsWithin(long limit) => (limit - Least) / PerWorker;

    /// <summary>Whether the program can work at all; says on standard error what to do if not.</summary>
    public static bool AreEnough()
    {
        if (Limit is not { } limit || limit >= Least)
            return true;
        Say($"error: This process may have {limit} files open, and needs at least {Least}. Raise the limit, with 'ulimit -n 1024' in the shell that starts it, or LimitNOFILE= of a service.");
        return false;
    }

    /// <summary>On standard error, past all that would have to be loaded for the console.</summary>
    private static void Say(string line)
    {
        var said = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* bytes = said)
            _ = Libc.WriteTo(StandardError, bytes, said.Length);
    }
}
