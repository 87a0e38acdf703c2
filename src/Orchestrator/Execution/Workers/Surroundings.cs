using System.Collections;
using System.Globalization;

namespace Orchestrator.Execution.Workers;

/// <summary>What runs in one process share and can be set back between them: current folder, environment, default culture, console.</summary>
internal sealed class Surroundings
{
    private readonly string _folder = Environment.CurrentDirectory;
    private readonly Dictionary<string, string> _environment = Variables();
    private readonly CultureInfo? _culture = CultureInfo.DefaultThreadCurrentCulture;
    private readonly CultureInfo? _uiCulture = CultureInfo.DefaultThreadCurrentUICulture;
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;

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
        if (!ReferenceEquals(Console.Out, _out))
            Console.SetOut(_out);
        if (!ReferenceEquals(Console.Error, _error))
            Console.SetError(_error);
    }

    private void RestoreEnvironment()
    {
        var variables = Environment.GetEnvironmentVariables();
        var same = 0;
        foreach (DictionaryEntry variable in variables)
        {
            if (_environment.TryGetValue((string)variable.Key, out var value) && value == (string?)variable.Value)
                same++;
            else
                Environment.SetEnvironmentVariable((string)variable.Key, _environment.GetValueOrDefault((string)variable.Key));
        }

        if (same == _environment.Count)
            return;
        foreach (var (name, value) in _environment)
        {
            if (!variables.Contains(name))
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
