using Orchestrator.Execution.Causes;
using Orchestrator.Execution.Processes;
using Orchestrator.Tests.Tracking;

namespace Orchestrator.Tests.Execution.Processes;

public sealed class ProcessFailuresTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(137, true, FailureKind.OutOfMemory)]
    [InlineData(137, false, FailureKind.Exit)]
    [InlineData(1, true, FailureKind.Exit)]
    public void Of_ExitCode137_IsOutOfMemoryWhereTheSystemKilledForIt(int code, bool systemKilled, FailureKind kind)
    {
        using var process = new EndedProcess();

        var failure = ProcessFailures.Of(new ProcessEnd(ProcessEndWay.Exited, code), "'sh'", process, null!, () => systemKilled);

        Assert.Equal((kind, code), (failure.Kind, failure.ExitCode));
    }

    [Theory]
    [InlineData("MemoryError\n", FailureKind.OutOfMemory, "MemoryError")]
    [InlineData("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.\n", FailureKind.OutOfMemory, "torch.OutOfMemoryError")]
    [InlineData("OSError: [Errno 28] No space left on device\n", FailureKind.ResourceLimit, "OSError")]
    [InlineData("ValueError: bad lr\nHint: see the docs\n", FailureKind.Exit, "ValueError")]
    public void Explain_WordsOfTheProgram_GiveKindTypeAndMessage(string said, FailureKind kind, string type)
    {
        using var attempt = _runs.Attempt();
        attempt.Info.Folder.Ensure();
        using var process = new EndedProcess();
        var failure = ProcessFailures.Of(new ProcessEnd(ProcessEndWay.Exited, 1), "'python3'", process, null!, () => false);

        var explained = ProcessFailures.Explain(failure, new ProgramWords("Traceback (most recent call last):\n  File \"t.py\", line 1\n" + said, ""), attempt, quotes: true);

        Assert.Equal((kind, type, 1), (explained.Kind, explained.Type, explained.ExitCode));
        Assert.Contains(said.Split('\n')[0], explained.Message, StringComparison.Ordinal);
        Assert.NotEqual(failure.Fingerprint, explained.Fingerprint);
    }

    private sealed class EndedProcess() : RunProcess(new Signal())
    {
        public override long OwnHeldBytes => 0;

        protected override void Ask()
        {
        }

        public override void Clean()
        {
        }

        public override long HeldBytes(MemorySnapshot snapshot, long enough) => 0;

        protected override void KillAll()
        {
        }
    }

    private sealed class Signal : ISignal
    {
        public WaitHandle? Handle => null;

        public void Set()
        {
        }

        public void Dispose()
        {
        }
    }
}
