using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>What docs/isolation.md says of each run that behaves badly, and that its siblings finish: looked at in sweeps that have all of them.</summary>
public abstract class ZooConformance(ZooSweeps sweeps)
{
    [Theory]
    [InlineData("throws", "failed", "exception", null)]
    [InlineData("throws-elsewhere", "failed", "signal", 6)]
    [InlineData("fails-fast", "failed", "signal", 6)]
    [InlineData("aborts", "failed", "signal", 6)]
    [InlineData("overflows", "failed", "signal", 6)]
    [InlineData("exits", "failed", "exit", null)]
    [InlineData("kills-itself", "failed", "workerLost", 9)]
    [InlineData("loops", "failed", "timeout", null)]
    [InlineData("listens", "failed", "timeout", null)]
    [InlineData("closes-its-channel", "failed", "signal", 9)]
    [InlineData("reports-nan", "failed", "nonFinite", null)]
    [InlineData("reports-nothing", "failed", "invalidResult", null)]
    [InlineData("reports-late", "completed", null, null)]
    [InlineData("deletes-folder", "completed", null, null)]
    [InlineData("fills-disk", "failed", "resourceLimit", null)]
    [InlineData("exceeds-file-size", "failed", "resourceLimit", 25)]
    [InlineData("saves-too-much", "failed", "resourceLimit", null)]
    [InlineData("forks-away", "completed", null, null)]
    [InlineData("allocates", "failed", "outOfMemory", null)]
    [InlineData("runs-out-elsewhere", "failed", "outOfMemory", 6)]
    [InlineData("allocates-natively", "failed", "outOfMemory", null)]
    [InlineData("allocates-shared-memory", "failed", "outOfMemory", null)]
    [InlineData("maps-a-file", "completed", null, null)]
    public void Process_BadRun_HarmsOnlyItself(string how, string state, string? kind, int? signal)
    {
        Assert.SkipWhen(sweeps.LeftOut.GetValueOrDefault(how) is not null, sweeps.LeftOut.GetValueOrDefault(how) ?? "");
        var (bad, sibling) = sweeps.RunsOf(how);

        Assert.Equal(state, State(bad));
        var failure = bad.GetProperty("failure");
        Assert.Equal(kind, kind is null ? null : failure.GetProperty("kind").GetString());
        if (signal is { } number)
            Assert.Equal(number, failure.GetProperty("signal").GetInt32());
        if (state == "completed")
            Assert.Equal(how == "deletes-folder" ? 2.0 : 5.0, bad.GetProperty("objective").GetDouble());
        Assert.Equal(("completed", 5.0), (State(sibling), sibling.GetProperty("objective").GetDouble()));
    }

    [Fact]
    public async Task Process_AllOfThemInOneSweep_ItEndsAndNothingIsLeft()
    {
        Assert.All(sweeps.Ends, end => Assert.True(end.ExitCode == 4, end.Error));
        await Processes.NoneIsLeftAsync(sweeps.Folder);
    }

    private static string? State(JsonElement run) => run.GetProperty("state").GetString();
}

public sealed class ZooTests(ZooSweeps sweeps) : ZooConformance(sweeps), IClassFixture<ZooSweeps>;

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooTests(PortableZooSweeps sweeps) : ZooConformance(sweeps), IClassFixture<PortableZooSweeps>;
