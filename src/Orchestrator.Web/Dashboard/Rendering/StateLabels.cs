using Orchestrator.Configuration;
using Orchestrator.Web.Dashboard.Html;

namespace Orchestrator.Web.Dashboard.Rendering;

/// <summary>States in the colours that Hangfire gives to the states of its jobs.</summary>
internal static class StateLabels
{
    public static Markup Of(RunState state) => Label(Words.Of(state), Suffix(state));

    public static Markup Of(SweepState state) => Label(Words.Of(state), Suffix(state));

    public static string Suffix(SweepState state) => state switch
    {
        SweepState.Queued => "active",
        SweepState.Running => "warning",
        SweepState.Paused => "info",
        SweepState.Completed => "success",
        SweepState.Stopped => "inactive",
        _ => "danger",
    };

    private static string Suffix(RunState state) => state switch
    {
        RunState.Queued => "active",
        RunState.Running => "warning",
        RunState.Paused or RunState.Pruned => "info",
        RunState.Completed => "success",
        RunState.Failed => "danger",
        _ => "inactive",
    };

    private static Markup Label(string word, string suffix) => Markup.Of($"<span class=\"label label-default label-state-{suffix}\">{word}</span>");
}
