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
    /// Makes an object the run's own until its end: a module, an optimizer, a schedule, any state that can be saved (<see cref="ICheckpointable"/>, or known
    /// to a <see cref="StateAdapter"/>). It is part of each of the run's <see cref="Checkpoints"/>.
    /// </summary>
    /// <param name="name">The name of its state in a checkpoint; unique in the run.</param>
    /// <param name="target">The object. With it all its parts are the run's, as far as a <see cref="StateAdapter"/> knows them.</param>
    /// <param name="disposeAtEnd">
    /// Whether it ends with the run: disposed after the run's code and scope, the last one registered first. Default: yes. What somebody uses
    /// after the run is registered with <see langword="false"/>.
    /// </param>
    /// <exception cref="ModuleAlreadyRegisteredException">It, or a part of it, belongs to another run that has not ended; the message names that run.</exception>
    /// <exception cref="ArgumentException">
    /// The name is taken, the object is registered already in this run, or its state cannot be saved; the message says what to do.
    /// </exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Register(string name, object target, bool disposeAtEnd = true) => Take(Objects.Add(name, target, disposeAtEnd), name);

    /// <summary>
    /// Makes an object without a state the run's own until its end: a reader, a connection, a data set. No other run can have it meanwhile, and it is no part
    /// of checkpoints.
    /// </summary>
    /// <inheritdoc cref="Register"/>
    /// <param name="name">Its name; unique in the run.</param>
    /// <param name="target">The object.</param>
    /// <param name="disposeAtEnd">Whether it is disposed at the run's end. Default: yes.</param>
    public void Own(string name, object target, bool disposeAtEnd = true) => Objects.Add(name, target, disposeAtEnd, withState: false);

    /// <summary>Gives an object back: it may be registered in another run, is no part of further checkpoints, and is not disposed.</summary>
    /// <param name="name">The name under which it is registered.</param>
    /// <returns>Whether there was one.</returns>
    public bool Unregister(string name) => Objects.Remove(name);

    private void Take(FormerOwner? former, string name)
    {
        NoticeFlow();
        if (former is not null)
            LogHandedOn(Logger, name, former.Attempt, former.Run, former.Name);
    }

    /// <summary>The run's code has ended: everything registered is free again, and what is the run's own is disposed.</summary>
    internal ValueTask ReleaseAsync()
    {
        _released = true;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _objects) is { } objects ? objects.EndAsync(LogNotDisposed) : default;
    }

    private void LogNotDisposed(string name, Exception cause) => LogNotDisposed(Logger, name, cause);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "'{Name}' was registered in attempt {Attempt} of run {Former} as '{FormerName}' and goes on with what that left in it, so this run depends on which runs came before it. "
        + "Make one for each run, or give it back there on purpose (Unregister).")]
    private static partial void LogHandedOn(ILogger logger, string name, int attempt, string former, string formerName);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disposal of '{Name}' at the run's end failed.")]
    private static partial void LogNotDisposed(ILogger logger, string name, Exception cause);
}
