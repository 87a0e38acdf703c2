using System.Text;

namespace Orchestrator;

/// <summary>
/// A run's folder, made when something is first written to it: most runs of a large sweep write nothing but metrics, and making
/// folders for them would cost more than storing them. Safe for concurrent use.
/// </summary>
public sealed class RunFolder
{
    private readonly Lock _gate = new();
    private ParameterSet _parameters;
    private bool _made;

    internal RunFolder(string path, ParameterSet parameters) => (FullPath, _parameters) = (path, parameters);

    /// <summary>Where the folder is, whether it was made yet or not.</summary>
    public string FullPath { get; }

    /// <summary>Makes the folder, with <c>parameters.json</c> in it, unless that was done; returns its path.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string Ensure()
    {
        lock (_gate)
        {
            if (!_made)
            {
                Directory.CreateDirectory(FullPath);
                WriteParameters();
                _made = true;
            }

            return FullPath;
        }
    }

    /// <summary>The parameters have changed: a folder that is made has them, one that is made later will.</summary>
    internal void Update(ParameterSet parameters)
    {
        lock (_gate)
        {
            _parameters = parameters;
            if (_made)
                WriteParameters();
        }
    }

    private void WriteParameters() =>
        File.WriteAllText(Path.Combine(FullPath, "parameters.json"), _parameters.ToJson() + "\n", new UTF8Encoding(false));
}
