namespace Orchestrator.Execution.Processes;

/// <summary>What the orchestrator says to its launcher.</summary>
internal enum LauncherRequest : byte
{
    /// <summary>The mark's prefix and the whole environment: what children get if nothing else is said.</summary>
    Hello,

    /// <summary>Number, folder, arguments, changes of the environment, how many descriptors came along.</summary>
    Start,

    /// <summary>Number and signal; SIGKILL reaches everything that descends from the process, others its process group.</summary>
    Signal,

    /// <summary>Number: kills what descends from the process, but not itself.</summary>
    Clean,

    /// <summary>A number that means nothing: the orchestrator ends its launcher in good order, and removes itself what that leaves.</summary>
    Farewell,
}

/// <summary>What a launcher answers.</summary>
internal enum LauncherAnswer : byte
{
    /// <summary>Number and process id.</summary>
    Started,

    /// <summary>Number, way and code: nothing that descends from it is left.</summary>
    Ended,

    /// <summary>Number.</summary>
    Cleaned,
}

/// <summary>How a process ended.</summary>
internal enum ProcessEndWay : byte
{
    /// <summary>It exited; the code is its own.</summary>
    Exited,

    /// <summary>A signal ended it; the code is the signal's number.</summary>
    Signaled,

    /// <summary>It could not be started; the code is the system's error number.</summary>
    NotStarted,

    /// <summary>The launcher died, and the process was killed with it.</summary>
    LauncherLost,

    /// <summary>The launcher ended by itself before it did anything; the code is its exit code, or its signal's number below 0.</summary>
    LauncherFailed,
}

/// <summary>How a process ended.</summary>
internal readonly record struct ProcessEnd(ProcessEndWay Way, int Code);
