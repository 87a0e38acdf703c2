using System.Globalization;
using System.Text;
using Orchestrator.Configuration;

namespace Orchestrator.Tracking.TensorBoard;

/// <summary>
/// Writes an event file into the run's folder, so that <c>tensorboard --logdir .orchestrator/sweeps/SWEEP</c> shows one line for each run,
/// and the table of hyperparameters one row for each assignment. A later attempt is a line of its own: TensorBoard would mix the two.
/// </summary>
/// <remarks>
/// No <c>_hparams_/experiment</c> is written: TensorBoard would take the first run's for all, and a run knows its own parameters only.
/// Without it, TensorBoard gathers the columns from all runs.
/// </remarks>
internal sealed class TensorBoardTracker(TrackerContext context) : FileTracker(context, FileName(context.Run))
{
    private const string Prefix = "events.out.tfevents.";
    private const string Suffix = ".orchestrator";
    private readonly OrderedDictionary<string, ParameterValue> _parameters = new(StringComparer.Ordinal);
    private TensorBoardEvents? _events;
    private RunInfo? _run;
    private bool _introduced;

    protected override TrackerFile Open(RunInfo run, string name)
    {
        var folder = run.Folder.Ensure();
        if (run.Attempt > 1)
            folder = Directory.CreateDirectory(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"attempt-{run.Attempt}"))).FullName;
        // An attempt whose beginning was never stored is made again under its number, by another process: only its file may count.
        foreach (var old in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}"))
            System.IO.File.Delete(old);
        return TrackerFile.Create(Path.Combine(folder, name));
    }

    protected override void Start(RunInfo run)
    {
        _events = new TensorBoardEvents(File.Lines, said => Context.Lost(0, said));
        _events.Version(run.StartedAt);
        _run = run;
        foreach (var (name, value) in Flat("", run.Parameters))
            _parameters[name] = value;
        if (run.Metric is not null)
            Introduce(); // a sweep's run is given all of its parameters
    }

    protected override void Report(ReadOnlySpan<MetricPoint> points)
    {
        Introduce();
        while (!points.IsEmpty)
        {
            var count = ReportSpans.FirstStep(points);
            _events!.Scalars(points[..count]);
            File.Checkpoint(count);
            points = points[count..];
        }
    }

    protected override void Note(RunNote note)
    {
        switch (note)
        {
            case AttributeNote attribute:
                _events!.Text("attributes/" + attribute.Name, Code(attribute.Value.ToString()), note.At);
                break;
            case TagNote tag:
                _events!.Text("tags/" + tag.Tag, Code(tag.Tag), note.At);
                break;
            case ParameterNote parameter when _introduced:
                _events!.Text("parameters/" + parameter.Name, Code(parameter.Value.ToString()), note.At);
                break;
            case ParameterNote parameter:
                foreach (var (name, value) in Flat("", [KeyValuePair.Create(parameter.Name, parameter.Value)]))
                    _parameters[name] = value;
                break;
            case ArtifactNote artifact:
                _events!.Text("artifacts/" + artifact.Name, Code(artifact.Path), note.At);
                break;
        }

        File.Checkpoint(0);
    }

    protected override void End(RunEnd end)
    {
        Introduce();
        if (end.Failure is { } failure)
            _events!.Text("failure", $"{(failure.Type is { } type ? $"**{type}** " : "")}({Words.Of(failure.Kind)})\n\n{Block(failure.Message + "\n" + failure.StackTrace)}", end.EndedAt);
        _events!.SessionEnd(end.State, end.EndedAt);
    }

    /// <summary>
    /// TensorBoard takes the first parameters that it finds in a run: those of a run held by hand are written with its first values, when
    /// it has said them.
    /// </summary>
    private void Introduce()
    {
        if (_introduced)
            return;
        _introduced = true;
        var run = _run!;
        // Replicates of an assignment are one row; runs held by hand are numbered, and each is one.
        var group = string.Create(CultureInfo.InvariantCulture, $"{run.SweepId}/{run.Proposal}");
        _events!.SessionStart(_parameters, group, run.StartedAt);
        _events.Text("run", Description(run, _parameters), run.StartedAt);
    }

    /// <summary>As TensorFlow names them, so that tools that look for such names find them, in the order in which they began.</summary>
    private static string FileName(RunInfo run)
    {
        var host = Environment.MachineName.Replace('/', '-').Replace('\\', '-');
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{run.StartedAt.ToUnixTimeSeconds():D10}.{host}.{Environment.ProcessId}{Suffix}");
    }

    private static string Description(RunInfo run, IEnumerable<KeyValuePair<string, ParameterValue>> parameters)
    {
        var text = new StringBuilder("| | |\n|---|---|\n");
        (string Name, string Value)[] rows =
        [
            ("run", run.Id), ("name", run.Name), ("sweep", run.SweepName), ("project", run.Project),
            ("seed", run.Seed.ToString(CultureInfo.InvariantCulture)), ("attempt", run.Attempt.ToString(CultureInfo.InvariantCulture)),
            ("worker", $"{run.Worker} ({run.Device})"), .. parameters.Select(p => ("parameter " + p.Key, p.Value.ToString())),
        ];
        foreach (var (name, value) in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(value)} |\n");
        return text.ToString();
    }

    private static string Cell(string text) => Code(text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal));

    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? text : $"`{text}`";

    private static string Block(string text) => "    " + text.ReplaceLineEndings("\n    ").TrimEnd();

    /// <summary>Groups of parameters as <c>group.name</c>; TensorBoard has no nested ones, and no null.</summary>
    private static IEnumerable<KeyValuePair<string, ParameterValue>> Flat(string prefix, IEnumerable<KeyValuePair<string, ParameterValue>> parameters) =>
        parameters.Where(p => p.Value.Kind != ParameterKind.Null).SelectMany(p => p.Value.Kind == ParameterKind.Map
            ? Flat($"{prefix}{p.Key}.", p.Value.Entries)
            : [KeyValuePair.Create(prefix + p.Key, p.Value)]);
}

/// <summary>Makes the tracker <c>tensorboard</c>.</summary>
internal sealed class TensorBoardTrackerFactory : ITrackerFactory
{
    public TrackerInfo Info { get; } = new("tensorboard", new Dictionary<string, TrackerOption>
    {
        ["flush"] = new(ParameterKind.Boolean,
            "Whether values are written out whenever none waits, so that TensorBoard can follow. Default: true."),
    });

    public ITracker Create(TrackerContext context) => new TensorBoardTracker(context);
}
