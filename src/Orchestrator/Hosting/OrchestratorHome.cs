using Microsoft.Extensions.Options;
using Orchestrator.Text;

namespace Orchestrator.Hosting;

/// <summary>The folder in which everything is kept. Nothing in it is made before it is needed.</summary>
internal sealed class OrchestratorHome(IOptions<OrchestratorOptions> options)
{
    /// <summary>The full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(UserPath.Expand(options.Value.Home));

    /// <summary>The SQLite database.</summary>
    public string Database => System.IO.Path.Combine(Path, "orchestrator.db");

    /// <summary>The folder of a sweep.</summary>
    public string FolderOf(string sweep) => System.IO.Path.Combine(Path, "sweeps", sweep);
}
