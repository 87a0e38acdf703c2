using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Sweeps;
using Orchestrator.Tests.Architecture;
using Orchestrator.Tests.Support;
using Orchestrator.Tracking;

namespace Orchestrator.Tests.Tracking;

/// <summary>Trackers that a user writes: by a function, by a class from DI, by name in a sweep file.</summary>
public sealed class OwnTrackerTests : IDisposable
{
    private static readonly Dictionary<string, TrackerOption> FileOption = new()
    {
        ["file"] = new(ParameterKind.Text, "Where the lines go. Default: leaderboard.csv."),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-own-").FullName;

    private string Lines => Path.Combine(_folder, "best.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Documentation_Sample_IsTheOneThatIsCompiledHere()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Orchestrator.Tests", "Tracking", "LeaderboardTracker.cs"));
        var sample = source.Split("// <sample>\n")[1].Split("// </sample>")[0];
        Assert.InRange(sample.Trim().Split('\n').Length, 1, 24);
        Assert.Contains("```csharp\n" + sample + "```", File.ReadAllText(Path.Combine(Repository.Root, "docs", "trackers.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_NamesAnOwnTrackerWithAnOption_FeedsItEveryRun(bool byClass)
    {
        await using var bench = new SweepBench(configure: b => _ = byClass
            ? Trainable(b).AddTracker<LeaderboardTracker>("leaderboard", FileOption)
            : Trainable(b).AddTracker("leaderboard", run => new LeaderboardTracker(run), FileOption));
        var file = Path.Combine(_folder, "sweep.yaml");
        await File.WriteAllTextAsync(file, Yaml(Lines), TestContext.Current.CancellationToken);
        var result = await Sweep.RunAsync(file, bench.Services, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, result.Counts.Completed);
        Assert.Equal(["Completed,0.25,1", "Completed,0.5,1"], File.ReadAllLines(Lines).Select(line => line[(line.IndexOf(',') + 1)..]).Order());
    }

    [Fact]
    public async Task Sweep_GivesAnOptionThatWasNotDeclared_IsAnErrorWithItsPlace()
    {
        await using var bench = new SweepBench(configure: b => Trainable(b).AddTracker("leaderboard", run => new LeaderboardTracker(run)));
        var file = Path.Combine(_folder, "sweep.yaml");
        await File.WriteAllTextAsync(file, Yaml(Lines), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Sweep.RunAsync(file, bench.Services));
        Assert.Contains("The tracker 'leaderboard' has no option 'file'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Lines));
    }

    [Fact]
    public async Task AddTracker_NameOfABundledOne_StandsForIt()
    {
        var mine = new ScriptedTracker("csv");
        await using var bench = new SweepBench(configure: b => b.AddTracker("csv", _ => mine));
        var result = await bench.RunAsync(SweepBench.Definition(1, d => d.Trackers = ["csv"]), Support.TestRuns.Report);
        Assert.Single(mine.Values);
        Assert.False(Directory.Exists(Path.Combine(bench.Home, "sweeps", result.Id, "000000")));
    }

    [Fact]
    public async Task AddTracker_OfAClass_HasAScopeOfItsOwnThatEndsAfterIt()
    {
        var ends = new ConcurrentQueue<(string What, Part Part)>();
        await using var bench = new SweepBench(configure: b =>
        {
            b.Services.AddSingleton(ends).AddScoped<Part>();
            b.AddTracker<WithParts>("mine");
        });
        await bench.RunAsync(SweepBench.Definition(2, d => d.Trackers = ["mine"]), Support.TestRuns.Report, workers: 1);

        var byScope = ends.GroupBy(end => end.Part).ToList(); // the next run does not wait for the trackers of the one before
        Assert.Equal(2, byScope.Count);
        Assert.All(byScope, scope => Assert.Equal(["tracker", "part"], scope.Select(end => end.What)));
    }

    [Fact]
    public void AddTracker_WithoutAName_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddOrchestrator().AddTracker(" ", _ => new LeaderboardTracker(_)));

    [Fact]
    public Task Check_OfASoundTracker_Passes() => TrackerCheck.RunAsync(
        run => new LeaderboardTracker(run), _folder, new Dictionary<string, ParameterValue> { ["file"] = Lines },
        cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Check_OfABrokenTracker_NamesEveryPromiseThatItBreaks()
    {
        var error = await Assert.ThrowsAsync<TrackerCheckException>(() => TrackerCheck.RunAsync(_ => new Broken(), _folder));
        Assert.Contains("a run that belongs to no sweep: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("one that is cut off before it begins: InvalidOperationException: not started", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("side by side", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Context_OptionOfAnotherKind_SaysWhatWasExpected()
    {
        using var runs = new TestRuns();
        var context = new TrackerContext(runs.Run(), new TrackerInfo("t", FileOption),
            new TrackerReference("t") { Options = new Dictionary<string, ParameterValue> { ["file"] = 3, ["rate"] = 2, ["on"] = true } });
        Assert.Equal("The option 'file' of tracker 't' must be text; got '3'.", Assert.Throws<ArgumentException>(() => context.Text("file", "")).Message);
        Assert.Equal(2.0, context.Number("rate", 1));
        Assert.Equal((2L, 9L), (context.Integer("rate", 1), context.Integer("other", 9)));
        Assert.True(context.Flag("on", false));
        Assert.Contains("true or false", Assert.Throws<ArgumentException>(() => context.Flag("rate", false)).Message, StringComparison.Ordinal);
    }

    private static OrchestratorBuilder Trainable(OrchestratorBuilder builder) => builder.AddTrainable("test", Support.TestRuns.Report);

    private static string Yaml(string file) => $$"""
        trainable: test
        metric: {name: loss, goal: minimize}
        parameters: {x: [0.5, 0.25]}
        trackers: [jsonl, {type: leaderboard, file: {{file}}}]
        """;

    private sealed class Part(ConcurrentQueue<(string What, Part Part)> ends) : IDisposable
    {
        public void Dispose() => ends.Enqueue(("part", this));
    }

    private sealed class WithParts(Part part, ConcurrentQueue<(string What, Part Part)> ends, TrackerContext context) : ITracker
    {
        public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken)
        {
            Assert.NotNull(context.Run);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            ends.Enqueue(("tracker", part));
            return default;
        }
    }

    private sealed class Broken : ITracker
    {
        private string? _metric;

        public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken)
        {
            _metric = run.Metric!.Name;
            return default;
        }

        public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => _metric is null ? throw new InvalidOperationException("not started") : default;
    }
}
