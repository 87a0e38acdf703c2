namespace Orchestrator;

/// <summary>Where runs are executed.</summary>
public enum RunIsolation
{
    /// <summary>On a thread of this process.</summary>
    Thread,

    /// <summary>
    /// In a process of the same program, kept warm and used for one run at a time: whatever a run does to its process, it does to itself.
    /// Needs a program that answers as a worker (<see cref="WorkerProcess"/>).
    /// </summary>
    Process,
}
