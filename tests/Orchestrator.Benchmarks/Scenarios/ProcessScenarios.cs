using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Runs in processes of their own: warm ones, cold ones, ones that crash, external programs.</summary>
internal static class ProcessScenarios
{
    private const int Runs = 20_000;
    private const int Commands = 2_000;
    private const int Crashes = 20;
    private const int Cold = 16;

    /// <summary>The argument that makes this program end at once.</summary>
    public const string DoNothing = "nothing";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("processes-warm", "20,000 runs through 2 warm worker processes", WarmAsync),
        new("processes-cold", "16 cold worker processes ready", ColdAsync),
        new("processes-crash", "crashed worker to the next run on its slot", CrashAsync),
        new("commands-true", "external program `true`, 2 at once", CommandsAsync),
    ];

    /// <summary>What the worker processes know, too.</summary>
    public static void Configure(IServiceCollection services) => services.AddOrchestrator()
        .AddTrainable("report", static (run, _) =>
        {
            run.Report(0, ("loss", 1));
            return Task.CompletedTask;
        })
        .AddTrainable("wait", static async (run, token) =>
        {
            run.Report(0, ("loss", 1), ("begun", Stopwatch.GetTimestamp()), ("processor", Environment.CpuUsage.TotalTime.TotalSeconds));
            await Task.Delay(TimeSpan.FromSeconds(5), token);
        })
        .AddTrainable("crash", static async (run, token) =>
        {
            run.Report(0, ("loss", 1), ("begun", Stopwatch.GetTimestamp()));
            await Task.Delay(TimeSpan.FromMilliseconds(20), token);
            if (run.Info.Number % 10 != 9)
                return;
            run.Report(1, ("died", Stopwatch.GetTimestamp()));
            await Task.Delay(TimeSpan.FromMilliseconds(5), token);
            Abort();
        });

    private static async Task<Measurement> WarmAsync(string home)
    {
        var result = await RunAsync(home, "report", Runs, workers: 2);
        var seconds = result.Seconds;
        if (result.Counts.Completed != Runs)
            throw new InvalidOperationException($"{result.Counts}");
        return new(Invariant($"{Runs / seconds:N0} durable runs/s"), Invariant($"{seconds:F2} s, start included"));
    }

    private static async Task<Measurement> ColdAsync(string home)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await RunAsync(home, "wait", Cold, workers: Cold);
        var ready = result.Runs.Select(r => Seconds(begun, r.Metrics["begun"])).ToArray();
        var each = result.Runs.Average(r => r.Metrics["processor"]);

        // The least that there is to do: .NET starts this program, which ends at once.
        var before = ProcessorSeconds();
        begun = Stopwatch.GetTimestamp();
        var bare = Enumerable.Range(0, Cold).Select(_ => Process.Start(ScenarioTable.OwnProgram(DoNothing))!).ToArray();
        foreach (var process in bare)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }

        var (bareSeconds, bareEach) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, (ProcessorSeconds() - before) / Cold);
        return new(
            Invariant($"{ready.Max():F2} s"),
            Invariant($"the first after {ready.Min():F2} s; launcher, store and sweep included; {each * 1000:F0} ms of processor time each. ")
            + Invariant($"Empty programs in their place: {bareSeconds:F2} s, {bareEach * 1000:F0} ms each"));
    }

    private static async Task<Measurement> CrashAsync(string home)
    {
        var result = await RunAsync(home, "crash", Crashes * 10, workers: 1);
        var runs = result.Runs;
        var waits = runs.Zip(runs.Skip(1)).Where(p => p.First.Metrics.ContainsKey("died"))
            .Select(p => Seconds((long)p.First.Metrics["died"], p.Second.Metrics["begun"]) - 0.005).Order().ToArray();
        var usual = runs.Zip(runs.Skip(1)).Where(p => !p.First.Metrics.ContainsKey("died"))
            .Select(p => Seconds((long)p.First.Metrics["begun"], p.Second.Metrics["begun"]) - 0.02).Order().ToArray();
        return new(
            Invariant($"{waits[waits.Length / 2] * 1000:F0} ms"),
            Invariant($"median of {waits.Length}, at most {waits[^1] * 1000:F0} ms; without a crash {usual[usual.Length / 2] * 1000:F1} ms"));
    }

    private static async Task<Measurement> CommandsAsync(string home)
    {
        var definition = Definition(Commands);
        definition.Command.Add("true");
        var before = ProcessorSeconds();
        var result = await RunAsync(home, definition, workers: 2);
        var (seconds, processor) = (result.Seconds, ProcessorSeconds() - before);
        if (result.Counts.Failed != Commands) // it reports nothing
            throw new InvalidOperationException($"{result.Counts}");
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Commands, new ParallelOptions { MaxDegreeOfParallelism = 2 }, static async (_, token) =>
        {
            using var process = Process.Start(new ProcessStartInfo("true") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token), process.WaitForExitAsync(token));
        });
        var (bare, bareProcessor) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, ProcessorSeconds() - before - processor);
        return new(
            Invariant($"{Commands / seconds:N0} durable runs/s"),
            Invariant($"start included, {processor / Commands * 1000:F2} ms of processor time a run; a bare `Process.Start` loop that reads both streams: ")
            + Invariant($"{Commands / bare:N0}/s, {bareProcessor / Commands * 1000:F2} ms"));
    }

    private static Task<Outcome> RunAsync(string home, string trainable, int runs, int workers)
    {
        var definition = Definition(runs);
        definition.Trainable = trainable;
        definition.Isolation.Type = RunIsolation.Process;
        return RunAsync(home, definition, workers);
    }

    private static async Task<Outcome> RunAsync(string home, SweepDefinition definition, int workers)
    {
        var begun = Stopwatch.GetTimestamp();
        var services = new ServiceCollection();
        Configure(services);
        services.Configure<OrchestratorOptions>(o => o.Home = home);
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var result = await Sweep.RunAsync(definition, provider, new SweepOptions { Workers = workers });
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            // Read before the container goes, and its store with it.
            return new(result.Counts, seconds, await result.ReadRunsAsync().OrderBy(r => r.Number).ToListAsync());
        }
    }

    private static SweepDefinition Definition(int runs) => new()
    {
        Name = "bench",
        Method = "random",
        Metric = Metric.Minimize("loss"),
        Limits = { MaxRuns = runs },
        Parameters = { ["x"] = Parameter.Float(0.0, 1.0), ["layers"] = Parameter.Int(1, 8) },
    };

    private sealed record Outcome(RunCounts Counts, double Seconds, List<RunRecord> Runs);

    /// <summary>Of this process and of all that it waited for, and they.</summary>
    private static unsafe double ProcessorSeconds()
    {
        var usage = stackalloc long[18];
        var seconds = 0.0;
        foreach (var who in (ReadOnlySpan<int>)[0, -1])
        {
            _ = Libc.Usage(who, usage);
            seconds += usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
        }

        return seconds;
    }

    private static double Seconds(long from, double to) => (to - from) / Stopwatch.Frequency;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "abort")]
    private static extern void Abort();
}
