using Orchestrator.Cli;
using Orchestrator.Cli.Executing;

namespace Orchestrator.Tests.Cli;

public sealed class SignalStagesTests
{
    private readonly SweepControl _control = new();
    private readonly List<string> _said = [];
    private readonly List<int> _exits = [];

    private SignalStages Stages() => new(_control, _said.Add, _exits.Add);

    [Fact]
    public void Interrupt_FirstSecondThird_DrainsCancelsExits()
    {
        using var stages = Stages();
        stages.Interrupt();
        Assert.Equal(StopLevel.Drain, _control.Level);
        stages.Interrupt();
        Assert.Equal(StopLevel.Cancel, _control.Level);
        Assert.Empty(_exits);
        stages.Interrupt();
        Assert.Equal([130], _exits);
        Assert.Equal(3, _said.Count);
        Assert.All(_said.Take(2), line => Assert.Contains("Ctrl-C again", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Terminate_CancelsAtOnce_AndTheExitCodeIs143()
    {
        using var stages = Stages();
        stages.Terminate();
        Assert.Equal(StopLevel.Cancel, _control.Level);
        Assert.Equal(143, stages.ExitCode);
        stages.Terminate();
        Assert.Equal([143], _exits);
    }

    [Fact]
    public void HangUp_IsAsTerminate_AndASecondOneHastensNothing()
    {
        using var stages = Stages();
        stages.HangUp();
        Assert.Equal(StopLevel.Cancel, _control.Level);
        Assert.Equal(143, stages.ExitCode);
        stages.HangUp();
        Assert.Empty(_exits);
        stages.Terminate();
        Assert.Equal([143], _exits);
    }

    [Fact]
    public void Write_ToATerminalThatIsGone_EndsNothing()
    {
        using var gone = new StreamWriter(new Gone()) { AutoFlush = true };
        using var writer = new EnduringWriter(gone);
        writer.WriteLine("a line");
        writer.Write('c');
        writer.Write("text".AsSpan());
        writer.Write(['a', 'b'], 0, 2);
        writer.Flush();
    }

    private sealed class Gone : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Input/output error");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Input/output error");
    }

    [Fact]
    public void Terminate_AfterAnInterrupt_Cancels()
    {
        using var stages = Stages();
        stages.Interrupt();
        Assert.Equal(130, stages.ExitCode);
        stages.Terminate();
        Assert.Equal(StopLevel.Cancel, _control.Level);
        Assert.Empty(_exits);
        Assert.Equal(143, stages.ExitCode);
    }
}
