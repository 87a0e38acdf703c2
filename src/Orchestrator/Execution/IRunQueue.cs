using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Execution;

/// <summary>Carries queued runs to the workers. Delivery is at least once; the lease makes a second delivery harmless.</summary>
internal interface IRunQueue
{
    /// <summary>Whether several sweeps want workers just now.</summary>
    bool IsShared { get; }

    /// <summary>Never blocks: the coordinator holds back by counting what it has out.</summary>
    void Enqueue(RunTicket ticket);

    /// <summary>Blocks the worker's thread until it may execute a run; false when the queue is closed and empty.</summary>
    bool TryTake([NotNullWhen(true)] out RunTicket? ticket);

    /// <summary>The worker that took the ticket is free again. Called once for each ticket taken.</summary>
    void Release(RunTicket ticket);

    /// <summary>A lane's limit or priority has changed: workers look again.</summary>
    void Reconsider();

    /// <summary>Ends the workers once the queue is empty.</summary>
    void Close();
}
