using Orchestrator.Cli.Parsing;
using Orchestrator.Diagnostics;
using Orchestrator.Hosting;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Cli.Serving;

/// <summary>Whether a host serves this home, and where.</summary>
internal sealed class ServeCheck(OrchestratorHome home) : IDoctorCheck
{
    public string Name => "serve";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var finding = ServeRecord.Find(home.Path) is { } record
            ? DoctorFinding.Ok($"serves this home at {string.Join(", ", record.Urls)} (process {record.ProcessId}, since {record.StartedAt:yyyy-MM-dd HH:mm:ss} UTC)")
            : DoctorFinding.Ok($"none runs on this home ({ProgramName.Current} serve starts one)");
        return Task.FromResult<IReadOnlyList<DoctorFinding>>([finding]);
    }
}
