using System.Text;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Processes.Portable;

namespace Orchestrator.Tests.Execution.Processes;

public sealed class PortableProcessTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Theory]
    [InlineData(0, false, false, "Exited", 0)]
    [InlineData(7, false, false, "Exited", 7)]
    [InlineData(128, false, false, "Exited", 128)]
    [InlineData(134, false, false, "Signaled", 6)]
    [InlineData(137, true, false, "Signaled", 9)]
    [InlineData(160, false, false, "Exited", 160)]
    [InlineData(255, false, false, "Exited", 255)]
    [InlineData(137, false, true, "Exited", 137)]
    [InlineData(-1, true, true, "Signaled", 9)]
    [InlineData(-1073740791, false, true, "Exited", -1073740791)]
    public void EndOf_Code_IsASignalOnUnixOnlyWhereItCanBe(int code, bool wasKilled, bool isWindows, string way, int said) =>
        Assert.Equal(new ProcessEnd(Enum.Parse<ProcessEndWay>(way), said), PortableProcess.EndOf(code, wasKilled, isWindows));

    [Fact]
    public void StartCommand_Program_SaysAllAndEndsWithItsCode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh");
        var (end, output, error) = Run(
            ["sh", "-c", "echo \"$A|$B\"; pwd; read line || echo nothing to read; echo bad >&2; exit 3", "x"],
            new Dictionary<string, string?> { ["A"] = "with space", ["PATH"] = Environment.GetEnvironmentVariable("PATH"), ["HOME"] = null });

        Assert.Equal(new ProcessEnd(ProcessEndWay.Exited, 3), end);
        Assert.Equal($"with space|\n{Path.GetTempPath().TrimEnd('/')}\nnothing to read\n", output);
        Assert.Equal("bad\n", error);
    }

    [Fact]
    public void StartCommand_NoSuchProgram_EndsAsNotStarted()
    {
        var (end, output, error) = Run(["no-such-program-of-anybody"], Nothing);

        Assert.Equal(ProcessEndWay.NotStarted, end.Way);
        Assert.NotEmpty(ProcessFailures.ErrorText(end.Code));
        Assert.Equal("", output + error);
    }

    [Fact]
    public void Kill_WithChildren_EndsThemAll()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh");
        // The child holds the pipe: its end is heard only once it is gone, too.
        var (end, _, _) = Run(["sh", "-c", "sleep 600 & echo up; wait"], Nothing, process => process.Kill());

        Assert.Equal(new ProcessEnd(ProcessEndWay.Signaled, 9), end);
    }

    [Fact]
    public void AskToEnd_ProgramThatListens_EndsByItself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh");
        var (end, output, _) = Run(["sh", "-c", "trap 'echo asked; exit 5' TERM; echo up; while :; do sleep 0.01; done"], Nothing, process => process.AskToEnd());

        Assert.Equal(new ProcessEnd(ProcessEndWay.Exited, 5), end);
        Assert.Equal("up\nasked\n", output);
    }

    private static (ProcessEnd End, string Output, string Error) Run(
        string[] command, Dictionary<string, string?> environment, Action<RunProcess>? onceItSpoke = null)
    {
        using var host = new PortableProcesses();
        var started = host.StartCommand(command, environment, Path.GetTempPath());
        using var process = started.Process;
        using var output = new OutputLines(started.Output);
        using var error = new OutputLines(started.Error);
        var (said, cried) = (new StringBuilder(), new StringBuilder());
        while (true)
        {
            var ready = Waiting.ForAny([output.Pipe, error.Pipe, process.Ended]);
            if ((ready & 1) != 0)
                output.Read(Take);
            if ((ready & 2) != 0)
                error.Read(text => cried.Append(Encoding.UTF8.GetString(text)));
            if ((ready & 4) == 0)
                continue;
            output.Drain(Take);
            error.Drain(text => cried.Append(Encoding.UTF8.GetString(text)));
            return (process.End!.Value, said.ToString(), cried.ToString());
        }

        void Take(ReadOnlySpan<byte> text)
        {
            said.Append(Encoding.UTF8.GetString(text));
            onceItSpoke?.Invoke(process);
            onceItSpoke = null;
        }
    }
}
