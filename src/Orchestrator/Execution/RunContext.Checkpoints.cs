using Microsoft.Extensions.Logging;
using Orchestrator.Experiments.Checkpoints;

namespace Orchestrator;

public partial class RunContext
{
    private RunObjects? _objects;
    private RunCheckpoints? _checkpoints;
    private volatile bool _released;

    /// <summary>The run's checkpoints: saved after a step, restored by the next attempt.</summary>
    public RunCheckpoints Checkpoints
    {
        get
        {
            if (Volatile.Read(ref _checkpoints) is { } made)
                return made;
            var mine = new RunCheckpoints(_port, Objects, Random);
            return Interlocked.CompareExchange(ref _checkpoints, mine, null) ?? mine;
        }
    }

    private RunObjects Objects
    {
        get
        {
            if (Volatile.Read(ref _objects) is { } made)
                return made;
            var mine = new RunObjects(Info);
            mine = Interlocked.CompareExchange(ref _objects, mine, null) ?? mine;
            if (_released)
                mine.Close(); // asked for after the end: nobody would free what is registered now
            return mine;
        }
    }

    /// <summary>
    /// Makes an object the run's own until its end: a module, an optimizer, a schedule, any state. What has a state that can be saved
    /// (<see cref="ICheckpointable"/>, or known to a <see cref="StateAdapter"/>) is part of each of the run's <see cref="Checkpoints"/>.
    /// </summary>
    /// <param name="name">The name of its state in a checkpoint; unique in the run.</param>
    /// <param name="target">The object. With it all its parts are the run's, as far as a <see cref="StateAdapter"/> knows them.</param>
    /// <param name="disposeAtEnd">
    /// Whether it ends with the run: disposed after the run's code and scope, the last one registered first. Default: yes. What somebody uses
    /// after the run is registered with <see langword="false"/>.
    /// </param>
    /// <exception cref="ModuleAlreadyRegisteredException">It, or a part of it, belongs to another run that has not ended; the message names that run.</exception>
    /// <exception cref="ArgumentException">The name is taken, or the object is registered already in this run.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Register(string name, object target, bool disposeAtEnd = true) => Objects.Add(name, target, disposeAtEnd);

    /// <summary>Gives an object back: it may be registered in another run, is no part of further checkpoints, and is not disposed.</summary>
    /// <param name="name">The name under which it is registered.</param>
    /// <returns>Whether there was one.</returns>
    public bool Unregister(string name) => Objects.Remove(name);

    /// <summary>The run's code has ended: everything registered is free again, and what is the run's own is disposed.</summary>
    internal ValueTask ReleaseAsync()
    {
        _released = true;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _objects) is { } objects ? objects.EndAsync(LogNotDisposed) : default;
    }

    private void LogNotDisposed(string name, Exception cause) => LogNotDisposed(Logger, name, cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disposal of '{Name}' at the run's end failed.")]
    private static partial void LogNotDisposed(ILogger logger, string name, Exception cause);
}
