using BenchmarkDotNet.Attributes;
using Orchestrator.Execution;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>A run's way through the queue (in, out, released), against a plain queue under a lock.</summary>
public class FairRunQueueBenchmarks
{
    private static readonly RunAllotment Place = RunAllotment.Anywhere();
    private readonly Queue<RunTicket> _plain = new();
    private readonly FairRunQueue _fair = new(TimeProvider.System);
    private readonly object _gate = new();
    private RunTicket[] _tickets = [];
    private int _next;

    /// <summary>How many sweeps have runs waiting.</summary>
    [Params(1, 8, 64)]
    public int Sweeps { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _tickets = [.. Enumerable.Range(0, Sweeps).Select(_ => Ticket())];
        foreach (var ticket in _tickets)
        {
            _plain.Enqueue(ticket);
            _fair.Enqueue(ticket);
        }
    }

    [Benchmark(Baseline = true)]
    public object PlainQueue()
    {
        var ticket = Next();
        lock (_gate)
            _plain.Enqueue(ticket);
        lock (_gate)
            return _plain.Dequeue();
    }

    [Benchmark]
    public object FairQueue()
    {
        _fair.Enqueue(Next());
        _fair.TryTake(out var ticket);
        _fair.Release(ticket!.Grant!);
        return ticket!;
    }

    private RunTicket Next() => _tickets[_next = (_next + 1) % _tickets.Length];

    /// <summary>The queue looks at the lane alone.</summary>
    private static RunTicket Ticket() => new()
    {
        Sweep = new SweepExecution
        {
            Key = 0,
            Id = "",
            Name = "",
            Project = "",
            Home = "",
            Definition = new SweepDefinition(),
            Metric = null!,
            Trainable = null!,
            Place = ThreadPlace.Instance,
            Trackers = [],
            Services = null!,
            Store = null!,
            Events = null!,
            Lane = new RunLane(Place),
        },
        Number = 0,
        Proposal = 0,
        Replicate = 0,
        Seed = 0,
        Name = "",
        Parameters = ParameterSet.Empty,
    };
}
