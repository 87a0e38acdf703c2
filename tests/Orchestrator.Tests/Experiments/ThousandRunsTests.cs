namespace Orchestrator.Tests.Experiments;

/// <summary>Many runs at once, held by hand, in a home without a host; nothing is left of it.</summary>
public sealed class ThousandRunsTests
{
    private const int Runs = 1000;
    private const int Values = 100;

    [Fact]
    public async Task Promise17_ThousandRunsAtOnce_EveryValueInItsOwnRunAndNothingLeftOver()
    {
        var home = Directory.CreateTempSubdirectory("orchestrator-thousand-").FullName;
        var identity = await RunAllAsync(home);

        await using (var experiment = New(home, identity.Name))
        {
            var seen = 0;
            await foreach (var run in experiment.RunsAsync())
            {
                seen++;
                var own = int.Parse(run.Name, null);
                Assert.Equal((RunState.Completed, own, own), (run.State, run.Metrics["own"], run.Attributes["own"].AsInt64()));
                var details = (await experiment.FindDetailsAsync(run.Id))!;
                var metric = Assert.Single(details.Metrics).Value;
                Assert.Equal((Values, own, own, (double)own * Values), (metric.Count, metric.Min, metric.Max, metric.Sum));
            }

            Assert.Equal(Runs, seen);
        }

        // Of this home: other tests run beside this one, and have threads and handles of their own.
        Assert.DoesNotContain(OpenFiles(), f => f.StartsWith(home, StringComparison.Ordinal));
        Assert.Equal(["orchestrator.db", "sessions"], Directory.GetFileSystemEntries(home).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.GetFiles(Path.Combine(home, "sessions")));
        Directory.Delete(home, recursive: true);
    }

    private static async Task<(string Name, string Identity)> RunAllAsync(string home)
    {
        await using var experiment = New(home, ExperimentBench.NewName());
        var all = await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => experiment.RunAsync(
            async run =>
            {
                run.SetAttribute("own", i);
                for (var value = 0; value < Values; value++)
                {
                    if (value % 10 == 0)
                        await Task.Yield();
                    CurrentRun.LogMetric("own", i);
                }
            },
            new RunOptions { Name = $"{i}" })));
        Assert.Equal(Runs, all.Select(r => r.Id).Distinct().Count());
        return (experiment.Name, experiment.Identity);
    }

    private static Experiment<BenchConfiguration> New(string home, string name)
    {
        var experiment = new Experiment<BenchConfiguration>(new(), new ExperimentOptions { Name = name, Home = home });
        experiment.Trackers.Clear();
        return experiment;
    }

    private static IEnumerable<string> OpenFiles()
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (var link in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            if (link.LinkTarget is { } target)
                yield return target;
        }
    }
}
