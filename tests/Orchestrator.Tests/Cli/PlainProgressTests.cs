using System.Text;
using Orchestrator.Cli.Progress;

namespace Orchestrator.Tests.Cli;

public sealed class PlainProgressTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Tick_WhileNobodyReadsThePipe_HoldsNoFurtherThread()
    {
        using var pipe = new BlockedPipe();
        var time = new Ticks();
        var progress = new PlainProgress(pipe, time);
        var first = Task.Run(() => progress.Say("one"));
        await pipe.Blocked.WaitAsync(Deadline);

        await Task.Run(time.Tick).WaitAsync(Deadline);
        await Task.Run(() => progress.Say("two")).WaitAsync(Deadline);

        pipe.Open();
        await first.WaitAsync(Deadline);
        progress.Dispose();
        Assert.Equal("one\ntwo\n", pipe.Text);
    }

    [Fact]
    public void Steered_FromElsewhere_IsSaid_AndAFaultIsLeftToTheEnd()
    {
        using var output = new StringWriter();
        using (var progress = new PlainProgress(output, TimeProvider.System))
        {
            progress.SweepSteered(new SweepSteered(SweepState.Paused, "Nothing new is started.", 100, IsStopping: false));
            progress.SweepEnded(SweepState.Failed, "the disk is full");
            progress.SweepEnded(SweepState.Stopped, "enough");
        }

        Assert.Equal("on request: Nothing new is started.\nsweep stopped: enough\n", output.ToString());
    }

    /// <summary>A clock whose timers fire when the test says so.</summary>
    private sealed class Ticks : TimeProvider
    {
        private Action? _callback;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Tick() => _callback!();
    }

    private sealed class BlockedPipe : TextWriter
    {
        private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public Task Blocked => _blocked.Task;

        public string Text => _text.ToString();

        public void Open() => _open.Set();

        public override void Write(string? value)
        {
            _blocked.TrySetResult();
            _open.Wait();
            _text.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _open.Dispose();
            base.Dispose(disposing);
        }
    }
}
