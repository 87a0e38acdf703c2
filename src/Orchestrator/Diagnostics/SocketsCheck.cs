using Orchestrator.Sweeps.Steering;

namespace Orchestrator.Diagnostics;

/// <summary>
/// The sockets by which sweeps are steered, in the temporary folder. Those of processes that were killed are removed: nobody would
/// miss them.
/// </summary>
internal sealed class SocketsCheck : IDoctorCheck
{
    public string Name => "steering";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var (alive, removed) = (0, 0);
        foreach (var socket in SteeringSocket.Standing())
            _ = SteeringSocket.RemoveIfDead(socket) ? removed++ : alive++;
        var finding = $"{alive} {(alive == 1 ? "socket" : "sockets")} of sweeps that are being executed"
            + (removed == 0 ? "" : $"; removed {removed} that killed processes had left");
        return Task.FromResult<IReadOnlyList<DoctorFinding>>([DoctorFinding.Ok(finding)]);
    }
}
