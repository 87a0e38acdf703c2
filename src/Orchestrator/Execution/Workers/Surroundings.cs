using System.Collections;
using System.Globalization;

namespace Orchestrator.Execution.Workers;

/// <summary>What runs in one process share and can be set back between them: current folder, environment, default culture, console.</summary>
internal sealed class Surroundings
{
    private readonly string _folder = Environment.CurrentDirectory;
    private readonly IDictionary _environment = Environment.GetEnvironmentVariables();
    private readonly CultureInfo? _culture = CultureInfo.DefaultThreadCurrentCulture;
    private readonly CultureInfo? _uiCulture = CultureInfo.DefaultThreadCurrentUICulture;
    private readonly ConsoleWriters _console = new();

    public void Restore()
    {
        try
        {
            if (Environment.CurrentDirectory != _folder)
                Environment.CurrentDirectory = _folder;
        }
        catch (IOException)
        {
            Environment.CurrentDirectory = _folder; // the run deleted the folder it was in
        }

        RestoreEnvironment();
        CultureInfo.DefaultThreadCurrentCulture = _culture;
        CultureInfo.DefaultThreadCurrentUICulture = _uiCulture;
        _console.Restore();
    }

    private void RestoreEnvironment()
    {
        var variables = Environment.GetEnvironmentVariables();
        var same = 0;
        foreach (DictionaryEntry variable in variables)
        {
            var before = (string?)_environment[variable.Key];
            if (before is not null && before == (string?)variable.Value)
                same++;
            else
                Environment.SetEnvironmentVariable((string)variable.Key, before);
        }

        if (same == _environment.Count)
            return;
        foreach (DictionaryEntry variable in _environment)
        {
            if (!variables.Contains(variable.Key))
                Environment.SetEnvironmentVariable((string)variable.Key, (string?)variable.Value);
        }
    }
}
