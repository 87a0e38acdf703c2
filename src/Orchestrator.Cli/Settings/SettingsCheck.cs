using Microsoft.Extensions.Configuration;
using Orchestrator.Diagnostics;

namespace Orchestrator.Cli.Settings;

/// <summary>Which settings are in force, and where they come from.</summary>
internal sealed class SettingsCheck(IConfiguration settings) : IDoctorCheck
{
    public string Name => "settings";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var files = AppSettings.Files;
        var order = string.Join(", then ", files.Select(f => File.Exists(f) ? f : f + " (none)")) + ", then the environment, then the command line";
        var given = settings.GetSection(OrchestratorOptions.Section).AsEnumerable(makePathsRelative: true)
            .Where(s => s.Value is not null).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}");
        return Task.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            DoctorFinding.Ok(order),
            DoctorFinding.Ok(string.Join(", ", given) is { Length: > 0 } said ? said : "nothing is set: defaults"),
        ]);
    }
}
