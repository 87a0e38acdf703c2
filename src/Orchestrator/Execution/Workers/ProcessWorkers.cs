using Orchestrator.Execution.Processes;

namespace Orchestrator.Execution.Workers;

/// <summary>
/// The warm processes of this orchestrator: made when a run needs one, kept for the next run that wants the same environment, one more
/// than are in use, so that a crash costs the next run no start. Safe for concurrent use.
/// </summary>
internal sealed class ProcessWorkers(IProcessHost host, TimeProvider time) : IDisposable
{
    /// <summary>How long an idle process is kept.</summary>
    private static readonly TimeSpan Warm = TimeSpan.FromMinutes(1);

    /// <summary>How long a process may take to dispose its services.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly List<ProcessWorker> _idle = []; // the last one used is the last
    private ITimer? _timer;
    private int _inUse;
    private long _returned;
    private bool _disposed;

    /// <summary>A process for a run; the caller gives it back.</summary>
    /// <param name="environment">What it finds in its environment, besides what it inherits.</param>
    /// <param name="alone">Whether the run is to have the memory for itself: then idle processes end, and no spare is kept.</param>
    /// <exception cref="ProcessLauncherException">No process can be started.</exception>
    public ProcessWorker Take(IReadOnlyDictionary<string, string?> environment, bool alone = false)
    {
        var key = KeyOf(environment);
        ProcessWorker? worker;
        ProcessWorker[] idle = [];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            worker = TakeIdle(key);
            _inUse++;
            if (alone)
            {
                idle = [.. _idle];
                _idle.Clear();
            }
        }

        foreach (var one in idle)
            one.Retire(time, Patience);

        try
        {
            worker ??= ProcessWorker.Start(host, environment, key, time);
            if (!alone)
                KeepSpare(environment, key);
            return worker;
        }
        catch
        {
            lock (_gate)
                _inUse--;
            throw;
        }
    }

    /// <summary>Gives one back, to be used again if it can be.</summary>
    public void Return(ProcessWorker worker, bool recycle)
    {
        List<ProcessWorker> surplus = [];
        lock (_gate)
        {
            _inUse--;
            _returned++;
            if (recycle || _disposed || !worker.IsUsable)
                surplus.Add(worker);
            else
                Keep(worker);
            // No more than could be wanted at once by what was wanted so far.
            while (_idle.Count > _inUse + 2 && _idle.Count > MostAtOnce + 1)
            {
                surplus.Add(_idle[0]);
                _idle.RemoveAt(0);
            }
        }

        foreach (var one in surplus)
            one.Retire(time, Patience);
    }

    public void Dispose()
    {
        ProcessWorker[] left;
        lock (_gate)
        {
            _disposed = true;
            left = [.. _idle];
            _idle.Clear();
            _timer?.Dispose();
        }

        foreach (var worker in left)
            worker.Retire(time, Patience);
    }

    private int MostAtOnce { get; set; }

    private ProcessWorker? TakeIdle(string key)
    {
        MostAtOnce = Math.Max(MostAtOnce, _inUse + 1);
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            var worker = _idle[i];
            if (!worker.IsUsable)
            {
                _idle.RemoveAt(i);
                worker.Retire(time, Patience);
            }
            else if (worker.Key == key)
            {
                _idle.RemoveAt(i);
                return worker;
            }
        }

        return null;
    }

    /// <summary>Not before a run has ended: the first runs must not share the processors with the start of one that nobody needs yet.</summary>
    private void KeepSpare(IReadOnlyDictionary<string, string?> environment, string key)
    {
        lock (_gate)
        {
            if (_disposed || _returned == 0 || _idle.Exists(w => w.Key == key && w.IsUsable))
                return;
            Keep(ProcessWorker.Start(host, environment, key, time));
        }
    }

    private void Keep(ProcessWorker worker)
    {
        worker.IdleSince = time.GetTimestamp();
        _idle.Add(worker);
        _timer ??= time.CreateTimer(_ => RetireCold(), null, Warm, Warm);
    }

    private void RetireCold()
    {
        List<ProcessWorker> cold;
        lock (_gate)
        {
            cold = _idle.FindAll(w => time.GetElapsedTime(w.IdleSince) >= Warm);
            _idle.RemoveAll(cold.Contains);
        }

        foreach (var worker in cold)
            worker.Retire(time, Patience);
    }

    private static string KeyOf(IReadOnlyDictionary<string, string?> environment) =>
        environment.Count == 0 ? "" : string.Join('\n', environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}"));
}
