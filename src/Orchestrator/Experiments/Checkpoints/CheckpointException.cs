namespace Orchestrator;

/// <summary>A checkpoint could not be written or read; the message says why, and what is left as it was.</summary>
public sealed class CheckpointException : IOException
{
    internal CheckpointException(string message, Exception? cause = null)
        : base(message, cause)
    {
        if (cause is IOException)
            HResult = cause.HResult; // a full disk stays recognisable as one
    }
}
