using Orchestrator.Configuration;

namespace Orchestrator.Diagnostics;

/// <summary>What sweep files may name here.</summary>
internal sealed class RegistrationsCheck(ISweepCatalog catalog) : IDoctorCheck
{
    public string Name => "registered";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            Trainables(),
            DoctorFinding.Ok($"trackers: {string.Join(", ", catalog.Trackers.Select(t => t.Name))}"),
        ]);

    private DoctorFinding Trainables() =>
        catalog.Trainables.Count == 0
            ? DoctorFinding.Warning("trainables: none", "Register one: app.Trainables.Add<MyModel>(\"my-model\").")
            : DoctorFinding.Ok($"trainables: {string.Join(", ", catalog.Trainables.Select(t => t.Name))}");
}
