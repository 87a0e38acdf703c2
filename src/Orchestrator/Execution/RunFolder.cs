using System.Text;

namespace Orchestrator;

/// <summary>
/// A run's folder, made when something is first written to it: most runs of a large sweep write nothing but metrics, and making
/// folders for them would cost more than storing them. Safe for concurrent use.
/// </summary>
public sealed class RunFolder
{
    private readonly Lazy<string> _made;

    internal RunFolder(string path, ParameterSet parameters)
    {
        FullPath = path;
        _made = new Lazy<string>(() =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, "parameters.json"), parameters.ToJson() + "\n", new UTF8Encoding(false));
            return path;
        });
    }

    /// <summary>Where the folder is, whether it was made yet or not.</summary>
    public string FullPath { get; }

    /// <summary>Makes the folder, with <c>parameters.json</c> in it, unless that was done; returns its path.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string Ensure() => _made.Value;
}
