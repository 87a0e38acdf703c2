namespace Orchestrator.Execution;

/// <summary>
/// The async-local current run. A holder stands between: emptying it at the run's end reaches every flow that captured it, so a
/// task that outlives its run sees none.
/// </summary>
internal static class AmbientRun
{
    private static readonly AsyncLocal<Holder?> Slot = new();

    public static RunContext? Current => Slot.Value?.Run;

    /// <summary>Must be called from a method that is not async: a value set inside an async method never reaches its caller.</summary>
    public static Holder Enter(RunContext run) => Slot.Value = new Holder { Run = run };

    internal sealed class Holder
    {
        public volatile RunContext? Run;
    }
}
