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

    private DoctorFinding Trainables()
    {
        var missing = catalog.Trainables.Where(t => t.Missing is not null).Select(t => t.Name).ToList();
        var rest = missing.Count > 0 ? $"; not in this program: {string.Join(", ", missing)}" : "";
        return catalog.Trainables.Count == missing.Count
            ? DoctorFinding.Warning($"trainables: none{rest}", "Register one: app.Trainables.Add<MyModel>(\"my-model\").")
            : DoctorFinding.Ok($"trainables: {string.Join(", ", catalog.Trainables.Where(t => t.Missing is null).Select(t => t.Name))}{rest}");
    }
}
