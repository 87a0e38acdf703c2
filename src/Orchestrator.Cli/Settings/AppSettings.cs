using Microsoft.Extensions.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Cli.Settings;

/// <summary>
/// The program's settings: its own appsettings.json, overridden by one in the current folder, by the environment, by the command line.
/// </summary>
internal static class AppSettings
{
    private const string FileName = "appsettings.json";
    private const string HomeKey = OrchestratorOptions.Section + ":" + nameof(OrchestratorOptions.Home);

    private const string GpusKey = OrchestratorOptions.Section + ":" + nameof(OrchestratorOptions.Gpus);

    /// <summary>The files, each overriding the one before.</summary>
    public static IReadOnlyList<string> Files => FilesFrom(Environment.CurrentDirectory);

    /// <param name="console">Where the environment is read.</param>
    /// <param name="home">The folder of the command line; <see langword="null"/>: it names none.</param>
    /// <param name="gpus">The GPUs of the command line; <see langword="null"/>: it names none.</param>
    /// <param name="folder">What counts as the current folder; <see langword="null"/>: the current one.</param>
    /// <exception cref="CliException">A file is no JSON, or a setting has a value that it cannot have.</exception>
    public static ConfigurationManager Read(CliConsole console, string? home, string? gpus = null, string? folder = null)
    {
        var settings = new ConfigurationManager();
        try
        {
            foreach (var file in folder is null ? Files : FilesFrom(folder))
                settings.AddJsonFile(file, optional: true, reloadOnChange: false);
        }
        catch (InvalidDataException cause)
        {
            throw new CliException("settings", $"{cause.Message} {cause.GetBaseException().Message}");
        }

        settings.AddEnvironmentVariables();
        if ((home ?? console.Variable("ORCHESTRATOR_HOME")) is { Length: > 0 } chosen)
            settings.AddInMemoryCollection([KeyValuePair.Create<string, string?>(HomeKey, chosen)]);
        if (gpus is not null)
            settings.AddInMemoryCollection([KeyValuePair.Create<string, string?>(GpusKey, gpus)]);
        Check(settings);
        return settings;
    }

    private static string[] FilesFrom(string folder) =>
        [.. new[] { Path.Combine(AppContext.BaseDirectory, FileName), Path.Combine(folder, FileName) }.Distinct(StringComparer.Ordinal)];

    /// <summary>Read once for nothing: a wrong value is the person's mistake, and is better said here than out of a service.</summary>
    internal static void Check(ConfigurationManager settings)
    {
        try
        {
            var home = settings.GetSection(OrchestratorOptions.Section).Get<OrchestratorOptions>()?.Home;
            if (home is not null && UserPath.Unexpanded(home) is { } variable)
                throw new CliException("settings", $"The home '{home}' has '{variable}' in it, which only a shell replaces; write the path itself, or '~' for your home folder.");
        }
        catch (InvalidOperationException cause)
        {
            throw new CliException("settings", cause.Message);
        }
    }
}
