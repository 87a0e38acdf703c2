using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>A program that only a run can tell, and that cannot be started: the run says why.</summary>
public sealed class CommandStartTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("portable")]
    public async Task Command_ThatCannotBeStarted_SaysWhy(string? way)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var home = new ProgramHome { Way = way };
        home.Write("1.sh", "#!/bin/sh\r\necho hi\r\n");
        home.Write("2.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(home.Folder, "1.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var file = home.Write("s.yaml", "command: [\"${sweepDir}/${x}.sh\"]\nmetric: {name: loss, goal: minimize}\nparameters: {x: {min: 1, max: 3}}\n");

        Assert.Equal(5, (await home.RunAsync("sweep", file, "--workers", "1", "--no-progress")).ExitCode);

        string[] why = [@"its first line asks for '/bin/sh\r', which is not there (Windows line ends)", "may not be executed", "there is no '"];
        for (var i = 0; i < why.Length; i++)
        {
            var failure = (await home.RunAsync("show", $"{i}", "--json")).Json.GetProperty("run").GetProperty("failure");
            Assert.Equal("exit", failure.GetProperty("kind").GetString());
            Assert.Contains(why[i], failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }
}
