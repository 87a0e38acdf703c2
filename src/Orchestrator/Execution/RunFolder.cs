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
                var path = ParametersPath;
                // An attempt before this one may have written it. What is new must not be truncated: that alone makes a file system such as
                // ext4 write it to the disk when it is closed.
                WriteParameters(path, File.Exists(path) ? FileMode.Create : FileMode.CreateNew);
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
                WriteParameters(ParametersPath, FileMode.Create);
        }
    }

    private string ParametersPath => Path.Combine(FullPath, "parameters.json");

    private void WriteParameters(string path, FileMode mode)
    {
        using var file = File.OpenHandle(path, mode, FileAccess.Write);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(_parameters.ToJson() + "\n"), 0);
    }
}
