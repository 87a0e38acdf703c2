namespace Orchestrator;

/// <summary>
/// An object whose whole state can be written and read back: registered with a run by <see cref="RunContext.Register"/>, it is part of
/// each of the run's checkpoints.
/// </summary>
/// <remarks>
/// Exact: after <see cref="LoadState"/> the object goes on as the one did that was saved, bit for bit. Both are called on the thread that
/// saves or restores, while nothing else uses the object.
/// </remarks>
public interface ICheckpointable
{
    /// <summary>Writes the whole state. The stream cannot seek and must not be closed. The same state gives the same bytes.</summary>
    void SaveState(Stream stream);

    /// <summary>Takes in a state that <see cref="SaveState"/> wrote; any exception fails the run.</summary>
    void LoadState(Stream stream);
}
