using Orchestrator.Cli.Rendering;
using Orchestrator.Hosting;

namespace Orchestrator.Cli.Progress;

/// <summary>
/// A live table on a terminal: looked at eight times a second, written only when something in it changed. What happens to the
/// sweep only sets fields here, so that the sweep never waits for the terminal.
/// </summary>
internal sealed class LiveProgress : SweepProgressView, ISweepObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(125);

    private readonly Lock _gate = new();
    private readonly Lock _drawing = new();
    private readonly TimeProvider _time;
    private readonly Func<TerminalSize> _size;
    private readonly bool _color;
    private readonly ConsoleGate? _console;
    private readonly LiveRegion _region;
    private readonly ITimer _timer;
    private readonly SortedDictionary<string, IRunningRun?> _rows = new(WorkerOrder.Instance);
    private List<string> _above = [];
    private readonly SweepTally _tally = new();
    private SweepRecord? _sweep;
    private DateTimeOffset _begun;
    private (RunInfoLine Run, double Objective)? _best;
    private IReadOnlySet<string> _constants = new HashSet<string>();
    private string? _note;
    private bool _isClosed;

    /// <param name="terminal">The terminal; <see langword="null"/>: standard error, with what anybody else writes to it put above the table.</param>
    /// <param name="includeOutput">Whether standard output is on the same terminal.</param>
    /// <param name="color">Whether to use colours.</param>
    /// <param name="size">Reads the terminal's size.</param>
    /// <param name="time">The clock.</param>
    public LiveProgress(TextWriter? terminal, bool includeOutput, bool color, Func<TerminalSize> size, TimeProvider time)
    {
        (_time, _size, _color) = (time, size, color);
        _console = terminal is null ? ConsoleGate.Open(Print, includeOutput) : null;
        _region = new LiveRegion(terminal ?? _console!.Terminal);
        _timer = time.CreateTimer(_ => DrawUnlessBusy(), null, Interval, Interval);
    }

    public override ISweepObserver Observer => this;

    public void SweepStarted(SweepRecord sweep, int workers)
    {
        lock (_gate)
        {
            (_sweep, _begun) = (sweep, _time.GetUtcNow());
            _tally.Begin(sweep, _begun);
            _constants = ParameterSplit.Constants(sweep.Definition);
            if (sweep.Best is { Objective: { } objective } best)
                _best = (new RunInfoLine(best.Number, best.Parameters), objective);
        }
    }

    public void RunStarted(IRunningRun run)
    {
        lock (_gate)
            _rows[run.Info.Worker] = run;
    }

    public void RunEnded(RunEnded ended)
    {
        lock (_gate)
        {
            _tally.Add(ended);
            if (_rows.TryGetValue(ended.Run.Worker, out var run) && run?.Info.Id == ended.Run.Id && run.Info.Attempt == ended.Run.Attempt)
                _rows[ended.Run.Worker] = null;
            if (ended.IsBest)
                _best = (new RunInfoLine(ended.Run.Number, ended.Run.Parameters), ended.Objective!.Value);
            if (ended.Failure is { } failure)
                _above.Add(Red($"run {Human.Run(ended.Run.Number)} failed: {Human.Failure(failure)}{(ended.Next == RunState.Queued ? " (is tried again)" : "")}"));
        }
    }

    public void SweepSteered(SweepSteered steered)
    {
        lock (_gate)
        {
            _tally.Plan(steered.PlannedRuns);
            if (!steered.IsStopping)
                _note = steered.State == SweepState.Paused ? "paused" : null;
            _above.Add("on request: " + Human.Line(steered.Answer));
        }
    }

    public void DeviceRetired(DeviceRetired retired)
    {
        lock (_gate)
            _above.Add(Human.Line(retired.Reason));
    }

    public void SweepStopping(string reason)
    {
        lock (_gate)
            _note = "stopping: " + Human.Line(reason);
    }

    public override void Say(string line)
    {
        Print(line);
        Draw();
    }

    public override void Dispose()
    {
        _timer.Dispose();
        lock (_drawing)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _console?.Dispose(); // first: it hands over a line that has no end yet
            _region.Close(TakeAbove());
        }
    }

    /// <summary>Leaves it to the next tick while somebody draws: a terminal that is halted holds one thread, not one more at every tick.</summary>
    private void DrawUnlessBusy()
    {
        if (!_drawing.TryEnter())
            return;
        try
        {
            Draw();
        }
        finally
        {
            _drawing.Exit();
        }
    }

    /// <summary>Brings the terminal up to date.</summary>
    internal void Draw()
    {
        lock (_drawing)
        {
            if (_isClosed)
                return;
            var state = Snapshot();
            var lines = state is null ? [] : LiveTable.Draw(state, _time.GetUtcNow(), _size(), _color);
            _region.Show(lines, TakeAbove());
        }
    }

    private void Print(string line)
    {
        lock (_gate)
            _above.Add(line);
    }

    private List<string> TakeAbove()
    {
        lock (_gate)
        {
            var lines = _above;
            _above = [];
            return lines;
        }
    }

    private LiveState? Snapshot()
    {
        lock (_gate)
        {
            if (_sweep is null)
                return null;
            return new LiveState
            {
                Name = _sweep.Name,
                Id = _sweep.Id,
                Metric = _sweep.Metric,
                Tally = _tally.Copy(),
                Begun = _begun,
                Rows = [.. _rows.Select(r => (r.Key, r.Value))],
                Best = _best,
                Note = _note,
                Constants = _constants,
            };
        }
    }

    private string Red(string text) => _color ? $"\e[31m{text}\e[0m" : text;

    /// <summary>Workers by number: <c>worker-2</c> before <c>worker-10</c>.</summary>
    private sealed class WorkerOrder : IComparer<string>
    {
        public static readonly WorkerOrder Instance = new();

        public int Compare(string? x, string? y) =>
            x!.Length != y!.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);
    }
}
