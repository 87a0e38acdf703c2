using System.Diagnostics;
using Orchestrator.EndToEnd.Support;
using Orchestrator.EndToEnd.Tool;

namespace Orchestrator.EndToEnd;

/// <summary>What <c>init</c> prints to be typed next, typed into a shell: in a checkout, whose projects are built as they stand.</summary>
[Trait("Speed", "Slow")]
public sealed class ProjectTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    [Theory]
    [InlineData("my search")]
    [InlineData("my-model", "--torch")]
    public async Task Init_ProjectFromACheckout_RunsByTheLineThatIsPrinted(string folder, params string[] kind)
    {
        using var home = new ProgramHome();
        var written = await home.RunAsync(["init", "--project", folder, "--name", "Mine", .. kind]);
        Assert.True(written.ExitCode == 0, written.Error);

        var swept = await TypeAsync(home, NextOf(written));

        Assert.True(swept.ExitCode == 0, swept.Output + swept.Error);
        Assert.Contains("12 completed", swept.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning ", swept.Output + swept.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_SweepFile_RunsByTheLinesThatArePrinted_AndSoDoesWhatTheSweepPrints()
    {
        using var home = new ProgramHome();
        var written = await home.RunAsync("init", "my first.yaml", "--home", "kept here");
        Assert.True(written.ExitCode == 0, written.Error);

        string[] next = NextOf(written).Split(", ");
        Assert.Equal(2, next.Length);
        Assert.Equal(0, (await TypeAsync(home, next[0])).ExitCode);
        var swept = await TypeAsync(home, next[1]);
        Assert.True(swept.ExitCode == 0, swept.Error);
        var advice = swept.Output.Split('\n').Where(line => line.StartsWith("  dotnet ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, advice.Count);
        foreach (var line in advice)
        {
            var looked = await TypeAsync(home, line);
            Assert.True(looked.ExitCode == 0, line + looked.Error);
            Assert.NotEmpty(looked.Output);
        }
    }

    private static string NextOf(ProgramResult written) =>
        written.Output.TrimEnd()[(written.Output.IndexOf("Next: ", StringComparison.Ordinal) + "Next: ".Length)..];

    /// <summary>As a person types it, in the program's current folder; the build takes what was built for these tests.</summary>
    private static async Task<ProgramResult> TypeAsync(ProgramHome home, string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", line]) { WorkingDirectory = home.Folder };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["Configuration"] = Configuration;
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["PATH"] = $"{PackedFeed.DotNetRoot}{Path.PathSeparator}{start.Environment["PATH"]}";
        return await ProgramHome.RunAsync(start);
    }
}
