using Orchestrator.Execution.Processes;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Execution.Processes;

public sealed class SystemKillsTests
{
    private readonly ManualTime _time = new();
    private long _counted = 3;
    private int _readings;

    private SystemKills Kills => field ??= new SystemKills(_time, () =>
    {
        _readings++;
        return _counted;
    });

    [Fact]
    public void Explain_SystemKilledBeforeTheAttemptBegan_IsNone()
    {
        _ = Kills.Mark();
        _counted++;
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(Kills.Explain(Kills.Mark()));
    }

    [Fact]
    public void Explain_SystemKilledSince_ExplainsOneSigkillEach()
    {
        var (first, second, third) = (Kills.Mark(), Kills.Mark(), Kills.Mark());
        _counted += 2;

        Assert.Equal([true, true, false], new[] { first, second, third }.Select(Kills.Explain));
    }

    [Fact]
    public void Explain_WhatExplainedAnEarlierRun_ExplainsNoLaterOne()
    {
        var first = Kills.Mark();
        _counted++;

        Assert.True(Kills.Explain(first));
        Assert.False(Kills.Explain(Kills.Mark())); // within the second, from the reading before the kill
    }

    [Fact]
    public void Mark_ManyAttemptsInASecond_ShareAReading()
    {
        for (var i = 0; i < 100; i++)
            _ = Kills.Mark();
        _time.Advance(TimeSpan.FromSeconds(1));
        _ = Kills.Mark();

        Assert.Equal(2, _readings);
    }

    [Theory]
    [InlineData("0::/user/a", "user/a/memory.events", 5)]
    [InlineData("0::/docker/abc", "memory.events", 5)] // a container that sees only the end of the path
    [InlineData("4:cpu,memory:/a\n0::/", "memory/a/memory.oom_control", 5)]
    [InlineData("4:memory:/a\n0::/", "memory/memory.oom_control", 3)] // the path is another one's end
    [InlineData("0::/", null, 3)]
    public void Find_OwnControlGroupElseTheMachine_IsWhatIsCounted(string groups, string? file, long expected)
    {
        var root = Directory.CreateTempSubdirectory("orchestrator-kills-").FullName;
        try
        {
            Write("proc/self/cgroup", groups);
            Write("proc/vmstat", "pgfault 7\noom_kill 3\n");
            if (file is not null)
            {
                Write("groups/" + file, "low 0\noom 9\noom_kill 5\noom_group_kill 1\n");
                Write($"groups/{Path.GetDirectoryName(file)}/cgroup.procs", expected == 5 ? "12\n4242\n" : "12\n");
            }

            Assert.Equal(expected, SystemKillCount.Find(Path.Combine(root, "proc"), Path.Combine(root, "groups"), 4242)());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        void Write(string name, string text)
        {
            var path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    [Fact]
    public void Find_Here_ReadsWhatTheSystemCounts() => Assert.True(SystemKillCount.Find()() >= 0);
}
