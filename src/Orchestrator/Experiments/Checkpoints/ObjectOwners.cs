using System.Runtime.CompilerServices;

namespace Orchestrator.Experiments.Checkpoints;

/// <summary>
/// Which run an object belongs to, over all runs of the process. Objects are held weakly, and their owners are texts: nothing here keeps a
/// model alive, or a run.
/// </summary>
internal static class ObjectOwners
{
    private static readonly Lock Gate = new();
    private static readonly ConditionalWeakTable<object, Holding> Held = [];

    /// <summary>Claims all of them, or none.</summary>
    /// <param name="name">The name under which the first of them is registered.</param>
    /// <param name="objects">The object and its parts, each once.</param>
    /// <param name="owner">Who claims them; may have claimed them before.</param>
    /// <exception cref="ModuleAlreadyRegisteredException">One of them belongs to another run.</exception>
    public static void Claim(string name, IReadOnlyList<object> objects, ObjectOwner owner)
    {
        lock (Gate)
        {
            for (var i = 0; i < objects.Count; i++)
            {
                if (!Held.TryGetValue(objects[i], out var held) || held.Owner == owner || held.Count == 0)
                    continue;
                var what = i == 0 ? $"The object '{name}'" : $"A part of the object '{name}' ({objects[i].GetType().Name})";
                throw new ModuleAlreadyRegisteredException(
                    $"{what} is registered in run {held.Owner.Run}{(held.Owner.Run == owner.Run ? $" (attempt {held.Owner.Attempt})" : "")} as '{held.Name}' "
                    + $"and cannot be registered in run {owner.Run}, too: what one run trains must not change another's. "
                    + "Make one for each run, or unregister it there first.",
                    held.Owner.Run);
            }

            foreach (var each in objects)
            {
                if (Held.TryGetValue(each, out var former) && former.Count == 0)
                    Held.Remove(each);
                Held.GetValue(each, _ => new Holding(owner, name)).Count++;
            }
        }
    }

    /// <summary>Which other run or attempt ended while it had one of them: what it did to them is still in them.</summary>
    public static FormerOwner? FormerOf(IReadOnlyList<object> objects, ObjectOwner owner)
    {
        lock (Gate)
        {
            foreach (var each in objects)
            {
                if (Held.TryGetValue(each, out var held) && held.Count == 0 && held.Owner != owner)
                    return new FormerOwner(held.Owner.Run, held.Owner.Attempt, held.Name);
            }

            return null;
        }
    }

    /// <summary>Takes back one claim on each; the last one frees it.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="givenBack">Whether the run gave them back on purpose; else it ended with them, which is remembered as long as they live.</param>
    public static void Release(IReadOnlyList<object> objects, bool givenBack)
    {
        lock (Gate)
        {
            foreach (var each in objects)
                if (Held.TryGetValue(each, out var held) && --held.Count == 0 && givenBack)
                    Held.Remove(each);
        }
    }

    private sealed class Holding(ObjectOwner owner, string name)
    {
        public ObjectOwner Owner => owner;

        public string Name => name;

        public int Count { get; set; }
    }
}

/// <summary>One attempt at a run, as the owner of objects.</summary>
internal sealed class ObjectOwner(string run, int attempt)
{
    public string Run => run;

    public int Attempt => attempt;
}

/// <summary>An attempt that ended while an object was registered with it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Name">The name under which the object was registered.</param>
internal sealed record FormerOwner(string Run, int Attempt, string Name)
{
    /// <summary>For a message about an object that cannot be used any more.</summary>
    public string InWords => $" It was registered in attempt {Attempt} of run {Run} as '{Name}': what a run registers ends with it, unless disposeAtEnd is false.";
}
