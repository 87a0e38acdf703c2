using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Execution;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution;

public sealed class RunFlowTests
{
    [Fact]
    public void NeedsServices_CodeThatTakesItsRunAlone_IsFalse()
    {
        Assert.False(TrainableRunner.OfDelegate("a", (_, _) => Task.CompletedTask).NeedsServices);
        Assert.False(TrainableRunner.OfType("a", typeof(TakesRun)).NeedsServices);
        Assert.False(TrainableRunner.OfType("a", typeof(TakesNothing)).NeedsServices);
        Assert.True(TrainableRunner.OfType("a", typeof(TakesMore)).NeedsServices);
        Assert.True(TrainableRunner.OfType("a", typeof(TakesOneOrTheOther)).NeedsServices);
        Assert.Throws<InvalidOperationException>(() => TrainableRunner.OfType("a", typeof(TakesNobody)));
    }

    [Theory]
    [InlineData(typeof(TakesRun))]
    [InlineData(typeof(TakesNothing))]
    [InlineData(typeof(TakesMore))]
    [InlineData(typeof(TakesOneOrTheOther))]
    public async Task Run_OfAClass_HasWhatItTakesAndIsDisposed(Type type)
    {
        await using var bench = new SweepBench();
        var run = new RunContext(new NoPort());
        using var scope = bench.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<RunContextSlot>().Run = run;
        var runner = TrainableRunner.OfType("a", type);
        Seen = [];

        await runner.RunAsync(runner.NeedsServices ? scope.ServiceProvider : null, run);

        Assert.Equal([type == typeof(TakesNothing) ? null : run, "disposed"], Seen);
    }

    [Fact]
    public async Task Constructor_ThatThrows_ThrowsItsOwnException()
    {
        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => TrainableRunner.OfType("a", typeof(Throws)).RunAsync(null, new RunContext(new NoPort())));

        Assert.Contains(nameof(Throws), thrown.StackTrace, StringComparison.Ordinal);
    }

    [ThreadStatic]
    private static List<object?>? Seen;

    private abstract class Seeing(RunContext? run) : ITrainable, IDisposable
    {
        public Task TrainAsync(CancellationToken cancellationToken)
        {
            Seen!.Add(run);
            return Task.CompletedTask;
        }

        public void Dispose() => Seen!.Add("disposed");
    }

    private sealed class TakesRun(RunContext run) : Seeing(run);

    private sealed class TakesNothing() : Seeing(null);

    private sealed class TakesMore(RunContext run, TimeProvider time) : Seeing(time is null ? null : run);

    private sealed class TakesOneOrTheOther : Seeing
    {
        [ActivatorUtilitiesConstructor]
        public TakesOneOrTheOther(RunContext run)
            : base(run)
        {
        }

        public TakesOneOrTheOther(RunContext run, FactAttribute other)
            : base(other is null ? null : run)
        {
        }
    }

    private sealed class TakesNobody : Seeing
    {
        private TakesNobody()
            : base(null)
        {
        }
    }

    private sealed class Throws : Seeing
    {
        public Throws(RunContext run)
            : base(run) => throw new NotSupportedException("no");
    }

    private sealed class NoPort : IRunPort
    {
        public RunInfo Info => throw new NotSupportedException();

        public CancellationToken CancellationToken => CancellationToken.None;

        public CancellationReason CancellationReason => CancellationReason.None;

        public ILogger Logger => NullLogger.Instance;

        public IRunLog Log => throw new NotSupportedException();

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public ValueTask Report(long step, ReadOnlySpan<(string Name, double Value)> metrics) => default;

        public ValueTask Note(RunNote note) => default;
    }
}
