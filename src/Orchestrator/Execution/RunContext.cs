using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using Orchestrator.Experiments;
using Orchestrator.Numerics;

namespace Orchestrator;

/// <summary>
/// The run that is being executed: what it is, what it was given, and where it reports to. One per attempt; registered in the
/// run's DI scope. Safe for concurrent use, except <see cref="Random"/>.
/// </summary>
public sealed class RunContext
{
    private readonly IRunPort _port;

    internal RunContext(IRunPort port)
    {
        _port = port;
        Random = new SeededRandom(port.Info.Seed);
    }

    /// <summary>The run in whose flow the caller is; <see langword="null"/> outside of one. Follows <c>await</c>, tasks and threads.</summary>
    public static RunContext? Current => AmbientRun.Current;

    /// <summary>Identity, parameters and place of this attempt.</summary>
    public RunInfo Info => _port.Info;

    /// <summary>The run's id.</summary>
    public string Id => Info.Id;

    /// <summary>The run's name.</summary>
    public string Name => Info.Name;

    /// <summary>The run's parameters.</summary>
    public ParameterSet Parameters => Info.Parameters;

    /// <summary>The run's seed: the same for every attempt, and for the same replicate of every assignment.</summary>
    public long Seed => Info.Seed;

    /// <summary>A generator seeded by <see cref="Seed"/>; not safe for concurrent use.</summary>
    public SeededRandom Random { get; }

    /// <summary>The device the run was given, <c>cpu</c> for one.</summary>
    public string Device => Info.Device;

    /// <summary>The run's folder; asking for it makes it.</summary>
    public string Directory => Info.Folder.Ensure();

    /// <summary>Logs to the host's log and to the run's own, <c>run.log</c>; so does any other logger that is used in the run's flow.</summary>
    public ILogger Logger => _port.Logger;

    /// <summary>Canceled when the run must end.</summary>
    public CancellationToken CancellationToken => _port.CancellationToken;

    /// <summary>Why <see cref="CancellationToken"/> was canceled.</summary>
    public CancellationReason CancellationReason => _port.CancellationReason;

    /// <summary>This attempt's part of the run's log.</summary>
    internal IRunLog Log => _port.Log;

    /// <summary>Keeps a named value with the run; the last one of a name wins. Ignored, and counted, after the run's end.</summary>
    /// <param name="name">Its name, at most 1,000 characters.</param>
    /// <param name="value">Its value; lists and mappings are read back as they were given.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public void SetAttribute(string name, ParameterValue value) => Note(new AttributeNote(RunAttempt.Checked(name), value, _port.Now));

    /// <summary>Labels the run. Lower case; anything but letters, digits and <c>/ @ . - _</c> becomes <c>_</c>; a repeated tag is kept once.</summary>
    /// <param name="tag">The label.</param>
    /// <exception cref="ArgumentException">The tag is empty or too long.</exception>
    public void AddTag(string tag) => Note(new TagNote(RunTags.Normalize(RunAttempt.Checked(tag)), _port.Now));

    /// <summary>
    /// Reports values of one step. Stored and handed to the trackers without waiting for either. A report after the run's end is
    /// ignored and counted.
    /// </summary>
    /// <param name="step">The step, usually the epoch; need not rise.</param>
    /// <param name="metrics">Names and values; NaN and infinities are kept as they are.</param>
    /// <exception cref="OperationCanceledException">The run must end.</exception>
    public void Report(long step, params ReadOnlySpan<(string Name, double Value)> metrics)
    {
        CancellationToken.ThrowIfCancellationRequested();
        _port.Report(step, metrics).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(long step, (string Name, double Value) metric, CancellationToken cancellationToken = default) =>
        ReportAsync(step, [metric], cancellationToken);

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(
        long step, (string Name, double Value) first, (string Name, double Value) second, CancellationToken cancellationToken = default) =>
        ReportAsync(step, [first, second], cancellationToken);

    /// <summary>As <see cref="Report"/>, waiting without a thread where the store is behind.</summary>
    public ValueTask ReportAsync(long step, ReadOnlySpan<(string Name, double Value)> metrics, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CancellationToken.ThrowIfCancellationRequested();
        return _port.Report(step, metrics);
    }

    private void Note(RunNote note) => _port.Note(note).AsTask().GetAwaiter().GetResult();
}
