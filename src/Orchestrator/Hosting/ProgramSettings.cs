using Microsoft.Extensions.Configuration;

namespace Orchestrator.Hosting;

/// <summary>
/// The settings of a program that has no host of its own, in the order of the command line: appsettings.json beside the program, overridden
/// by the one in the current folder, by the environment (<c>Orchestrator__Workers</c>, <c>ORCHESTRATOR_HOME</c>), by code.
/// </summary>
internal static class ProgramSettings
{
    private const string FileName = "appsettings.json";

    /// <param name="home">The home that code asks for; <see langword="null"/>: what the settings say.</param>
    public static ConfigurationManager Read(string? home)
    {
        var settings = new ConfigurationManager();
        foreach (var folder in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }.Distinct(StringComparer.Ordinal))
            settings.AddJsonFile(Path.Combine(folder, FileName), optional: true, reloadOnChange: false);
        settings.AddEnvironmentVariables();
        if ((home ?? Environment.GetEnvironmentVariable("ORCHESTRATOR_HOME")) is { Length: > 0 } chosen)
            settings[$"{OrchestratorOptions.Section}:{nameof(OrchestratorOptions.Home)}"] = chosen;
        return settings;
    }
}
