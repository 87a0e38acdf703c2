namespace Orchestrator.Cli.Progress;

/// <summary>How a person watches a sweep: a live table on a terminal, else a line per change.</summary>
internal abstract class SweepProgressView : IDisposable
{
    /// <summary>Watches the sweep.</summary>
    public abstract ISweepObserver Observer { get; }

    public static SweepProgressView Create(CliConsole console, bool noProgress) => console.IsLive && !noProgress
        ? new LiveProgress(terminal: null, console.IsOutTerminal, console.MayColor, TerminalSize.Read, TimeProvider.System)
        : new PlainProgress(console.Error, TimeProvider.System);

    /// <summary>Shows a line at once. May be called from any thread.</summary>
    public abstract void Say(string line);

    /// <summary>Shows what is still to be shown and leaves the terminal as it was found. May be called more than once.</summary>
    public abstract void Dispose();
}
