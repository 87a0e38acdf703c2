using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Sweeps;

public sealed class FairRunQueueTests
{
    private readonly ManualTime _time = new();
    private readonly RunPlace _place = RunPlace.Anywhere();
    private readonly FairRunQueue _queue;

    public FairRunQueueTests() => _queue = new FairRunQueue(_time);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1, 10)]
    [InlineData(3, 7, 2)]
    public void TryTake_TwoSweeps_ShareTheWorkersTimeEqually(int workers, int secondsOfA, int secondsOfB)
    {
        var (a, b) = (Sweep(), Sweep());
        Fill(a, 4000);
        Fill(b, 4000);
        var busy = new PriorityQueue<RunTicket, DateTimeOffset>();
        for (var i = 0; i < workers; i++)
            Take(busy);

        for (var i = 0; i < 1000; i++)
        {
            busy.TryDequeue(out var done, out var at);
            _time.Advance(at - _time.GetUtcNow());
            _queue.Release(done!.Grant!);
            Take(busy);
        }

        Assert.InRange(a.Lane.Used / b.Lane.Used, 0.9, 1.1);

        void Take(PriorityQueue<RunTicket, DateTimeOffset> into)
        {
            Assert.True(_queue.TryTake(out var ticket));
            into.Enqueue(ticket, _time.GetUtcNow() + TimeSpan.FromSeconds(ticket.Sweep == a ? secondsOfA : secondsOfB));
        }
    }

    [Fact]
    public void TryTake_HigherPriority_GoesFirst()
    {
        var (low, high) = (Sweep(), Sweep());
        high.Lane.Priority = 5;
        Fill(low, 3);
        Fill(high, 3);

        Assert.Equal([high, high, high, low, low, low], Enumerable.Range(0, 6).Select(_ => TakeAny().Sweep));
    }

    [Fact]
    public void TryTake_LimitOfASweep_IsHeldUntilARelease()
    {
        var (limited, other) = (Sweep(), Sweep());
        limited.Lane.Limit = 1;
        limited.Lane.Priority = 1;
        Fill(limited, 2);
        Fill(other, 2);

        var first = TakeAny();
        Assert.Same(limited, first.Sweep);
        Assert.Same(other, TakeAny().Sweep);
        _queue.Release(first.Grant!);
        Assert.Same(limited, TakeAny().Sweep);
    }

    [Fact]
    public void TryTake_ASweepThatComesLater_HasNoClaimOnThePast()
    {
        var (early, late) = (Sweep(), Sweep());
        Fill(early, 100);
        for (var i = 0; i < 50; i++)
        {
            var ticket = TakeAny();
            _time.Advance(TimeSpan.FromSeconds(1));
            _queue.Release(ticket.Grant!);
        }

        Fill(late, 100);
        var taken = new List<SweepExecution>();
        for (var i = 0; i < 20; i++)
        {
            var ticket = TakeAny();
            taken.Add(ticket.Sweep);
            _time.Advance(TimeSpan.FromSeconds(1));
            _queue.Release(ticket.Grant!);
        }

        Assert.InRange(taken.Count(s => s == early), 9, 11);
    }

    [Fact]
    public async Task Close_WaitingWorkers_EndWhenTheQueueIsEmpty()
    {
        var sweep = Sweep();
        var worker = Task.Run(() =>
        {
            var count = 0;
            while (_queue.TryTake(out var ticket))
            {
                count++;
                _queue.Release(ticket.Grant!);
            }

            return count;
        });
        Fill(sweep, 10);
        _queue.Close();

        Assert.Equal(10, await worker);
    }

    private RunTicket TakeAny()
    {
        Assert.True(_queue.TryTake(out var ticket));
        return ticket;
    }

    private void Fill(SweepExecution sweep, int count)
    {
        for (var i = 0; i < count; i++)
            _queue.Enqueue(new RunTicket { Sweep = sweep, Number = i, Proposal = i, Replicate = 0, Seed = 0, Name = "", Parameters = ParameterSet.Empty });
    }

    private SweepExecution Sweep() => new()
    {
        Key = 1,
        Id = "s",
        Name = "s",
        Project = "p",
        Home = "/",
        Definition = new SweepDefinition(),
        Metric = Metric.Minimize("loss"),
        Trainable = TrainableRunner.OfDelegate("none", (_, _) => Task.CompletedTask),
        Place = ThreadPlace.Instance,
        Trackers = [],
        Services = new ServiceCollection().BuildServiceProvider(),
        Store = null!,
        Events = Channel.CreateUnbounded<SweepEvent>().Writer,
        Lane = new RunLane(_place),
    };
}
