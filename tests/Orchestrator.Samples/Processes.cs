using System.Globalization;

namespace Orchestrator.Samples;

/// <summary>What the end-to-end tests start as processes of their own: each does one thing with runs that are held by hand.</summary>
internal static class Processes
{
    public const int Values = 20;

    private sealed record Config(double LearningRate = 0.1);

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["write", var name, var runs]:
                return await WriteAsync(name, int.Parse(runs, CultureInfo.InvariantCulture));
            case ["read", var name]:
                return await ReadAsync(name);
            case ["hold", var id]:
                return await HoldAsync(id);
            case ["forget", var id]:
                _ = await Open("held").StartRunAsync(new RunOptions { Id = id });
                return 0; // nothing is stopped or disposed
            case ["resume", .. var id]:
                return await ResumeAsync(id is [var one] ? one : null);
            case ["train", .. var resume]:
                return await TorchExperiment.RunAsync(resume is ["resume"]);
            case ["samples"]:
                return await Samples.RunAllAsync();
            default:
                await Console.Error.WriteLineAsync("write NAME RUNS | read NAME | hold ID | forget ID | resume [ID] | train [resume] | samples");
                return 2;
        }
    }

    private static Experiment<Config> Open(string name)
    {
        var experiment = new Experiment<Config>(new Config(), new ExperimentOptions { Name = name });
        experiment.Trackers.Remove("console");
        return experiment;
    }

    private static async Task<int> WriteAsync(string name, int runs)
    {
        await using var experiment = Open(name);
        for (var i = 0; i < runs; i++)
        {
            var record = await experiment.RunAsync(run =>
            {
                for (var value = 0; value < Values; value++)
                    run.LogMetric("value", value);
                run.SetAttribute("process", Environment.ProcessId);
                run.AddTag("whole");
                return Task.CompletedTask;
            });
            Console.WriteLine(record.Id); // it has been told: it must be there
        }

        return 0;
    }

    /// <summary>Reads over and over until a line comes in, and says at once what is not whole.</summary>
    private static async Task<int> ReadAsync(string name)
    {
        var stop = Console.In.ReadLineAsync();
        await using var experiment = Open(name);
        long rounds = 0, most = 0;
        for (; !stop.IsCompleted || rounds == 0; rounds++)
        {
            var seen = 0L;
            await foreach (var run in experiment.RunsAsync())
            {
                seen++;
                var whole = run.State == RunState.Completed
                    ? run.Metrics.GetValueOrDefault("value") == Values - 1 && run.Tags.Contains("whole") && run.Attributes.ContainsKey("process")
                    : run.State == RunState.Running;
                if (!whole || run.Parameters.Count != 1)
                {
                    Console.WriteLine($"half: {run.Id} {run.State} {run.Failure?.Message}");
                    return 1;
                }
            }

            if (seen < most)
            {
                Console.WriteLine($"lost: {most} runs were there, now {seen}");
                return 1;
            }

            most = seen;
        }

        Console.WriteLine($"read {rounds} times, {most} runs");
        return 0;
    }

    private static async Task<int> HoldAsync(string id)
    {
        await using var experiment = Open("held");
        var run = await experiment.StartRunAsync(new RunOptions { Id = id });
        for (var value = 0; value < Values; value++)
            run.LogMetric("value", value);
        Console.Error.WriteLine("held");
        await Task.Delay(Timeout.Infinite); // until somebody kills it
        return 0;
    }

    private static async Task<int> ResumeAsync(string? id)
    {
        await using var experiment = Open("held");
        await using var run = await experiment.StartRunAsync(new RunOptions { Id = id, Resume = true });
        run.LogMetric("value", 100);
        run.Complete();
        Console.WriteLine($"{run.Id} {run.Info.Attempt}");
        return 0;
    }
}
