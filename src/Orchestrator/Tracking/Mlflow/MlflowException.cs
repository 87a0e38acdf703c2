namespace Orchestrator.Tracking.Mlflow;

/// <summary>A tracking server refused a request, or did not take it in time; the message says which, and what it answered.</summary>
internal sealed class MlflowException(string message, string? code = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>MLflow's own code, <c>RESOURCE_DOES_NOT_EXIST</c> for one.</summary>
    public string? Code { get; } = code;

    /// <summary>Whether a later request may succeed: nothing was wrong with this one.</summary>
    public bool IsWeakness { get; init; }
}
