namespace Orchestrator;

/// <summary>An object, or a part of it, belongs to another run that has not ended.</summary>
public sealed class ModuleAlreadyRegisteredException : InvalidOperationException
{
    internal ModuleAlreadyRegisteredException(string message, string run)
        : base(message) => Run = run;

    /// <summary>The id of the run to which it belongs.</summary>
    public string Run { get; }
}
