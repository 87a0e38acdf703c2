namespace Orchestrator.Execution;

/// <summary>
/// The async-local current run. A holder stands between: emptying it at the run's end reaches every flow that captured it, so a
/// task that outlives its run sees none.
/// </summary>
internal static class AmbientRun
{
    private static readonly AsyncLocal<Holder?> Slot = new();

    public static RunContext? Current => Slot.Value?.Run;

    /// <summary>Whether the flow is in a run, or has one begin.</summary>
    public static bool IsTaken => Slot.Value is { } holder && (holder.Run is not null || holder.Reserved);

    /// <summary>Must be called from a method that is not async: a value set inside an async method never reaches its caller.</summary>
    public static Holder Enter(RunContext run) => Slot.Value = new Holder { Run = run };

    /// <summary>As <see cref="Enter"/>, for a run that is only going to begin: whoever begins it fills the holder, or frees it.</summary>
    public static Holder Reserve() => Slot.Value = new Holder { Reserved = true };

    internal sealed class Holder
    {
        public volatile RunContext? Run;
        public volatile bool Reserved;

        public void Free() => (Run, Reserved) = (null, false);
    }
}
