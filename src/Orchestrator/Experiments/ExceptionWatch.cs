using System.Runtime.ExceptionServices;
using Orchestrator.Execution;

namespace Orchestrator.Experiments;

/// <summary>
/// Sees the exceptions that are thrown in the flow of runs begun by hand: a run that is left without a word is disposed while an exception
/// is on its way out, and the language does not say which. Watches only while there is such a run.
/// </summary>
internal static class ExceptionWatch
{
    private static readonly Lock Gate = new();
    private static int s_runs;

    public static void Begin()
    {
        lock (Gate)
        {
            if (s_runs++ == 0)
                AppDomain.CurrentDomain.FirstChanceException += Thrown;
        }
    }

    public static void End()
    {
        lock (Gate)
        {
            if (--s_runs == 0)
                AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        }
    }

    private static void Thrown(object? sender, FirstChanceExceptionEventArgs thrown) => (AmbientRun.Current as ExperimentRun)?.Saw(thrown.Exception);
}
