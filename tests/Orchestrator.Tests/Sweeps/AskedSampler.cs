using System.Globalization;
using Orchestrator.Sampling;

namespace Orchestrator.Tests.Sweeps;

/// <summary>
/// A sampler of so many proposals that tells how far the loop of its sweep has come: when it is asked for one, the runs of all before it wait in the
/// queue. A test that needs a run to wait there waits for that, and not for a while.
/// </summary>
internal sealed class AskedSampler : ISampler
{
    private static int s_names;

    private readonly Lock _gate = new();
    private readonly List<(long Number, TaskCompletionSource Asked)> _waiting = [];
    private readonly int _proposals;
    private long _asked = -1;
    private volatile bool _isGivenUp;

    public AskedSampler(int proposals)
    {
        _proposals = proposals;
        Method = string.Create(CultureInfo.InvariantCulture, $"test-asked-{Interlocked.Increment(ref s_names)}");
        Samplers.Add(new SamplerRegistration(Method, [], _ => this));
    }

    /// <summary>What a definition calls it.</summary>
    public string Method { get; }

    public bool UsesHistory => false;

    public PointCount? Count => null;

    public ParameterSet? Ask(in AskContext context)
    {
        TaskCompletionSource[] heard;
        lock (_gate)
        {
            _asked = Math.Max(_asked, context.Number);
            heard = [.. _waiting.Where(w => w.Number <= _asked).Select(w => w.Asked)];
            _waiting.RemoveAll(w => w.Number <= _asked);
        }

        Array.ForEach(heard, asked => asked.SetResult());
        return context.Number < _proposals ? new ParameterSet([KeyValuePair.Create("x", (ParameterValue)0.5)]) : null;
    }

    public void Tell(in Observation observation)
    {
    }

    /// <summary>Until all runs before this one wait in the queue, or have left it.</summary>
    /// <exception cref="TimeoutException">They did not come; from then on nobody waits for others.</exception>
    public async Task QueuedBefore(long number)
    {
        number = Math.Min(number, _proposals); // it is asked once more, to no avail
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (number <= _asked)
                return;
            _waiting.Add((number, asked));
        }

        try
        {
            await asked.Task.WaitAsync(_isGivenUp ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            _isGivenUp = true;
            throw;
        }
    }
}
