using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>External programs as trainables, started by what .NET has on every system.</summary>
public sealed class PortableCommandTests(PortableCommandSweeps sweeps) : CommandConformance(sweeps), IClassFixture<PortableCommandSweeps>
{
    protected override string? Way => "portable";

    /// <summary>The process itself: what its children hold does not count here.</summary>
    protected override string Hungry => "exec awk 'BEGIN { while (1) a[i++] = sprintf(\"%1000d\", i) }'";

    /// <summary>It stays in its group.</summary>
    protected override string FurthestAway => "";

    [Fact]
    public Task Command_LeavesProcessesInItsGroup_TheyAreEndedWithIt() => LeaveBehindAsync("sleep 600 &", "(sleep 600 &)");

    [Theory]
    [InlineData("portable")]
    [InlineData(null)]
    public async Task TerminalsInterrupt_DoesNotReachTheCommand(string? way)
    {
        using var home = new ProgramHome { Way = way, InOwnSession = true };
        var file = home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "-c", "touch ${sweepDir}/up; while [ ! -e ${sweepDir}/go ]; do sleep 0.05; done; echo '{\"loss\": 1}'" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { x = new[] { 1, 2 } },
        }));
        using var program = new WatchedProgram(home.Start("sweep", file, "--workers", "1", "--no-progress"));
        await Patience.UntilAsync(() => File.Exists(Path.Combine(home.Folder, "up")), "a run");

        program.SignalGroup(2);
        await program.SaysAsync("Ctrl-C again");
        home.Write("go", "");

        Assert.Equal(130, await program.EndAsync());
        var counts = (await home.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("counts");
        Assert.Equal(1, counts.GetProperty("completed").GetInt32());
        Assert.Equal(0, counts.GetProperty("failed").GetInt32());
    }
}
