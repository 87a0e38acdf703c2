namespace Orchestrator;

/// <summary>How a sweep is executed from code. Everything has a default.</summary>
public sealed class SweepOptions
{
    /// <summary>How many runs are executed at once; at least 1. Default: the processors divided by a run's <c>cpus</c>.</summary>
    public int? Workers { get; set; }

    /// <summary>
    /// Where results are kept. Default: <c>ORCHESTRATOR_HOME</c>, else <c>Orchestrator:Home</c> of appsettings.json, else <c>.orchestrator</c> in
    /// the current folder. Only for the overloads without services; a host's services have a home already.
    /// </summary>
    public string? Home { get; set; }

    /// <summary>Goes on with the stored sweep of that id, or the latest of that name, instead of starting a new one; its stored definition counts.</summary>
    public string? Resume { get; set; }

    /// <summary>Changes to a sweep file before it is read: <c>path.in.file=value</c>.</summary>
    public IReadOnlyList<string> Set { get; set; } = [];

    /// <summary>Watches the sweep.</summary>
    public ISweepObserver? Observer { get; set; }

    /// <summary>Steers the sweep.</summary>
    public SweepControl? Control { get; set; }
}
