using System.Runtime.InteropServices;
using Orchestrator.Execution;

namespace Orchestrator;

/// <summary>
/// A task within a run: its metrics carry its name in front, and its duration and failure are kept with the run. Safe for concurrent use.
/// </summary>
/// <example><code>using (var task = run.StartTask("validation")) task.LogMetric("loss", 0.3); // the run has validation.loss</code></example>
public sealed class RunTask : IDisposable
{
    private readonly RunContext _run;
    private readonly int _number;
    private readonly DateTimeOffset _startedAt;
    private readonly nint _before = Marshal.GetExceptionPointers();
    private Exception? _failure;
    private int _ended;

    internal RunTask(RunContext run, string name)
    {
        (_run, Name, _number, _startedAt) = (run, name, run.NextTask(), run.Now);
        run.WatchExceptions();
        run.Note(new TaskNote(_number, name, _startedAt, null, null, _startedAt));
    }

    /// <summary>Its name; that of a task within a task is <c>outer.inner</c>.</summary>
    public string Name { get; }

    /// <inheritdoc cref="RunContext.LogMetric"/>
    public void LogMetric(string name, double value) => _run.LogMetric(Full(name), value);

    /// <inheritdoc cref="RunContext.Report"/>
    public void Report(long step, params ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var full = new (string Name, double Value)[metrics.Length];
        for (var i = 0; i < full.Length; i++)
            full[i] = (Full(metrics[i].Name), metrics[i].Value);
        _run.Report(step, full);
    }

    /// <summary>Begins a task within this one.</summary>
    public RunTask StartTask(string name) => _run.StartTask(Full(name));

    /// <summary>Says that the task failed; the first failure counts. The run goes on.</summary>
    public void Fail(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Interlocked.CompareExchange(ref _failure, failure, null);
    }

    /// <summary>Ends the task. In a run that is held by hand, an exception that is on its way out is the task's failure.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        // What was thrown last may have been handled. Where a using ends by an exception, the thread is in the midst of one that was not there before.
        var leaving = Marshal.GetExceptionPointers() is var now and not 0 && now != _before;
        var failure = Volatile.Read(ref _failure) ?? (leaving ? _run.OnItsWayOut : null);
        var at = _run.Now;
        _run.TaskEnded(new TaskNote(_number, Name, _startedAt, at, failure is null ? null : FailureCapture.FromException(failure), at));
    }

    internal async Task RunAsync(Func<RunTask, Task> body)
    {
        try
        {
            await body(this).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            Fail(cause);
            throw;
        }
    }

    private string Full(string name) => $"{Name}.{RunAttempt.Checked(name)}";
}
