using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Execution;

/// <summary>Carries queued runs to the workers. Delivery is at least once; the lease makes a second delivery harmless.</summary>
internal interface IRunQueue
{
    /// <summary>Whether several sweeps want workers just now.</summary>
    bool IsShared { get; }

    /// <summary>Never blocks: the coordinator holds back by counting what it has out.</summary>
    void Enqueue(RunTicket ticket);

    /// <summary>
    /// Blocks the worker's thread until it may execute a run, which then has its <see cref="RunTicket.Grant"/>; false when the queue is
    /// closed and empty.
    /// </summary>
    bool TryTake([NotNullWhen(true)] out RunTicket? ticket);

    /// <summary>
    /// The worker is free again, and what its run was given. Told by the grant, not the ticket: the ticket may be on its way to another
    /// attempt by now. The second call for the same grant does nothing.
    /// </summary>
    void Release(RunGrant grant);

    /// <summary>Takes back what no worker has taken yet: a sweep that starts nothing must not wait for room to start in.</summary>
    IReadOnlyList<RunTicket> Withdraw(RunLane lane);

    /// <summary>
    /// Gives a device of a lane's pool to no further run; false if it is given to none already, or if there would be too few left for the
    /// runs that are executed. It comes back with a sweep that asks for more than are left.
    /// </summary>
    bool TryTakeOut(RunLane lane, int device);

    /// <summary>A lane's limit or priority has changed: workers look again.</summary>
    void Reconsider();

    /// <summary>Ends the workers once the queue is empty.</summary>
    void Close();
}
