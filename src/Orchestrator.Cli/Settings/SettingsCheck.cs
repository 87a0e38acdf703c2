using Microsoft.Extensions.Configuration;
using Orchestrator.Diagnostics;

namespace Orchestrator.Cli.Settings;

/// <summary>Which settings are in force, and where they come from.</summary>
internal sealed class SettingsCheck(IConfiguration settings) : IDoctorCheck
{
    /// <summary>What is in the last part of a key whose value is nobody's to read: what doctor says is pasted into bug reports.</summary>
    private static readonly string[] Secrets = ["headers", "password", "secret", "token", "apikey", "connectionstring"];

    public string Name => "settings";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var files = AppSettings.Files;
        var order = string.Join(", then ", files.Select(f => File.Exists(f) ? f : f + " (none)")) + ", then the environment, then the command line";
        var given = settings.GetSection(OrchestratorOptions.Section).AsEnumerable(makePathsRelative: true)
            .Where(s => s.Value is not null).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={Shown(s)}");
        return Task.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            DoctorFinding.Ok(order),
            DoctorFinding.Ok(string.Join(", ", given) is { Length: > 0 } said ? said : "nothing is set: defaults"),
        ]);
    }

    private static string Shown(KeyValuePair<string, string?> setting)
    {
        var name = setting.Key[(setting.Key.LastIndexOf(':') + 1)..];
        return Secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase)) ? "(set, not shown)" : setting.Value!;
    }
}
