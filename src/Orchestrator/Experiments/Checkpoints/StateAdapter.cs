using System.Collections.Immutable;
using Orchestrator.Experiments.Checkpoints;
using Orchestrator.Numerics;

namespace Orchestrator;

/// <summary>
/// Says what objects of a library consist of and how their state is saved, so that a run can take them in as they are
/// (<see cref="RunContext.Register"/>). Safe for concurrent use.
/// </summary>
public abstract class StateAdapter
{
    private static ImmutableArray<StateAdapter> _known = [new SeededRandomAdapter()];

    /// <summary>Makes an adapter known to the whole process; the last one that handles an object is used.</summary>
    public static void Add(StateAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ImmutableInterlocked.Update(ref _known, known => known.Contains(adapter) ? known : known.Insert(0, adapter));
    }

    internal static StateAdapter? Of(object target) => Find(target) ?? (AdapterAssemblies.LoadFor(target) ? Find(target) : null);

    /// <summary>Whether this adapter knows what the object is.</summary>
    public abstract bool Handles(object target);

    /// <summary>
    /// The objects that it consists of, itself not among them: submodules, parameters, what an optimizer moves. Each is the run's from then
    /// on; one that two registered objects share may be named by both. What they consist of in turn is asked for by itself.
    /// </summary>
    public virtual IEnumerable<object> PartsOf(object target) => [];

    /// <summary>
    /// Why the object cannot be registered as it is, as a sentence with the remedy: a part that it holds and does not name, for one, of which no checkpoint
    /// would know. <see langword="null"/>: it can.
    /// </summary>
    public virtual string? FindProblem(object target) => null;

    /// <summary>Whether it has a state that can be saved.</summary>
    public virtual bool HasState(object target) => true;

    /// <summary>As <see cref="ICheckpointable.SaveState"/>.</summary>
    public abstract void SaveState(object target, Stream stream);

    /// <summary>As <see cref="ICheckpointable.LoadState"/>.</summary>
    public abstract void LoadState(object target, Stream stream);

    private static StateAdapter? Find(object target)
    {
        foreach (var adapter in _known)
        {
            if (adapter.Handles(target))
                return adapter;
        }

        return null;
    }

    private sealed class SeededRandomAdapter : StateAdapter
    {
        public override bool Handles(object target) => target is SeededRandom;

        public override void SaveState(object target, Stream stream)
        {
            Span<byte> state = stackalloc byte[SeededRandom.StateLength];
            ((SeededRandom)target).SaveState(state);
            stream.Write(state);
        }

        public override void LoadState(object target, Stream stream)
        {
            Span<byte> state = stackalloc byte[SeededRandom.StateLength];
            stream.ReadExactly(state);
            ((SeededRandom)target).LoadState(state);
        }
    }
}
