using System.Text;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Progress;

/// <summary>
/// One line per change, without control codes. Lines are gathered and written ten times a second: a sweep of ten thousand runs a
/// second must not wait for a pipe.
/// </summary>
internal sealed class PlainProgress : SweepProgressView, ISweepObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly TextWriter _output;
    private readonly ITimer _timer;
    private readonly SweepTally _tally = new();
    private IReadOnlySet<string> _constants = new HashSet<string>();
    private StringBuilder _waiting = new();

    public PlainProgress(TextWriter output, TimeProvider time)
    {
        _output = output;
        _timer = time.CreateTimer(_ => FlushUnlessBusy(), null, Interval, Interval);
    }

    public override ISweepObserver Observer => this;

    public void SweepStarted(SweepRecord sweep, int workers)
    {
        _tally.Begin(sweep, DateTimeOffset.MinValue);
        _constants = ParameterSplit.Constants(sweep.Definition);
        var planned = sweep.PlannedRuns is { } runs ? $"{Human.Count(runs)} runs" : "no fixed number of runs";
        var done = sweep.Counts.Total > 0 ? $", so far {Human.Counts(sweep.Counts)}" : "";
        Say($"sweep {sweep.Id} '{Human.Line(sweep.Name)}': {sweep.Method}, {planned}, {workers} {(workers == 1 ? "worker" : "workers")}{done}");
    }

    public void RunStarted(IRunningRun run)
    {
        var attempt = run.Info.Attempt > 1 ? $" (attempt {run.Info.Attempt})" : "";
        Add($"run {Human.Run(run.Info.Number)} started{attempt}: {Human.Parameters(run.Info.Parameters.Where(p => !_constants.Contains(p.Key)))}");
    }

    public void RunEnded(RunEnded ended)
    {
        _tally.Add(ended);
        var seconds = Human.Duration((ended.EndedAt - ended.Run.StartedAt).TotalSeconds);
        var what = ended.Failure is { } failure ? $": {Human.Failure(failure)}"
            : ended.Objective is { } objective ? $": {ended.Run.Metric?.Name}={Human.Number(objective)}"
            : "";
        var again = ended.Next == RunState.Queued ? " (is tried again)" : "";
        var best = ended.IsBest ? " (best so far)" : "";
        Add($"run {Human.Run(ended.Run.Number)} {Human.Word(ended.Outcome)} in {seconds}{what}{best}{again} [{_tally.Share}]");
    }

    public void SweepSteered(SweepSteered steered)
    {
        _tally.Plan(steered.PlannedRuns);
        Say($"on request: {Human.Line(steered.Answer)}");
    }

    public void DeviceRetired(DeviceRetired retired) => Say(Human.Line(retired.Reason));

    public void SweepStopping(string reason) => Say($"stopping: {Human.Line(reason)}");

    public void SweepEnded(SweepState state, string reason)
    {
        if (state != SweepState.Failed) // that is the program's own error, told when it ends
            Say($"sweep {Human.Word(state)}: {Human.Line(reason)}");
    }

    public override void Say(string line)
    {
        Add(line);
        FlushUnlessBusy();
    }

    public override void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Add(string line)
    {
        lock (_gate)
            _waiting.Append(line).Append('\n');
    }

    /// <summary>
    /// Leaves it to the next tick while somebody writes: a pipe that nobody reads holds one thread, not one more at every tick until the
    /// process has none left to work with.
    /// </summary>
    private void FlushUnlessBusy()
    {
        if (!_writing.TryEnter())
            return;
        try
        {
            Flush();
        }
        finally
        {
            _writing.Exit();
        }
    }

    private void Flush()
    {
        lock (_writing)
        {
            StringBuilder lines;
            lock (_gate)
            {
                if (_waiting.Length == 0)
                    return;
                (lines, _waiting) = (_waiting, new StringBuilder());
            }

            _output.Write(lines.ToString());
            _output.Flush();
        }
    }
}
