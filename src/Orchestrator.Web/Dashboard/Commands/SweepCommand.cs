using Orchestrator.Presentation;

namespace Orchestrator.Web.Dashboard.Commands;

/// <summary>Something that a person may ask of a sweep.</summary>
/// <param name="Name">How the address names it.</param>
/// <param name="Title">How the button names it.</param>
/// <param name="Icon">The name of the glyphicon.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Applies">Whether it makes sense for a sweep as it is.</param>
/// <param name="Ask">Asks; the answer in a sentence. Throws a <see cref="SteeringException"/> where it cannot be done.</param>
internal sealed record SweepCommand(
    string Name,
    string Title,
    string Icon,
    string Meaning,
    Func<SweepRecord, bool> Applies,
    Func<SweepCommandTarget, CancellationToken, Task<string>> Ask)
{
    /// <summary>The class of the button.</summary>
    public string Style { get; init; } = "btn-default";

    /// <summary>What is asked back before it is done; empty: nothing.</summary>
    public string Confirm { get; init; } = "";

    public static IReadOnlyList<SweepCommand> All { get; } =
    [
        new("pause", "Pause", "pause", "Start no new runs until the sweep is continued; running runs go on. A restart of the host ends the pause.",
            sweep => sweep.State == SweepState.Running, (target, token) => target.Client.PauseAsync(target.Sweep, token)),
        new("continue", "Continue", "play", "Go on after the pause.",
            sweep => sweep.State == SweepState.Paused, (target, token) => target.Client.ContinueAsync(target.Sweep, token))
        {
            Style = "btn-primary",
        },
        new("resume", "Resume", "play", "Go on with what is left.",
            sweep => sweep.State is SweepState.Stopped or SweepState.Interrupted or SweepState.Failed, (target, token) => target.ResumeAsync(token))
        {
            Style = "btn-primary",
        },
        new("retry", "Retry failed", "repeat", "Queue the failed runs again.",
            sweep => sweep.Counts.Failed > 0, (target, token) => target.RetryAsync(token)),
        new("stop", "Stop", "stop", "Start no new runs, let running runs end, and end. The sweep can be resumed.",
            sweep => sweep.IsExecuted(), (target, token) => target.Client.StopAsync(target.Sweep, token)),
        new("cancel", "Cancel", "remove", "End running runs, too. The sweep can be resumed.",
            sweep => sweep.IsExecuted() || sweep.State == SweepState.Queued, (target, token) => target.Client.CancelAsync(target.Sweep, token))
        {
            Style = "btn-death",
            Confirm = "Cancel the sweep? Its running runs are ended. It can be resumed later.",
        },
    ];

    public static SweepCommand? Find(string name) => All.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a sweep as it is can be asked for it; the runs of an experiment are held by a program of its own.</summary>
    public bool AppliesTo(SweepRecord sweep) => sweep.Kind == ExperimentKind.Sweep && Applies(sweep);
}
