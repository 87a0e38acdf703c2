using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Numerics;
using Orchestrator.Sampling;
using Orchestrator.SearchSpaces;
using Orchestrator.Tracking;
using Orchestrator.Web;
using Orchestrator.Web.Dashboard;

namespace Orchestrator.Samples;

/// <summary>
/// The C# of most pages of docs, as it stands there: a test holds each paragraph of each of its blocks to these lines, the compiler holds these
/// lines to the library, and an end-to-end test runs those that deal with experiments.
/// </summary>
internal static class Samples
{
    public static async Task<int> RunAllAsync()
    {
        await File.WriteAllTextAsync("model.bin", "weights");
        await BlockAsync();
        await ByHandAsync();
        await ResumeAsync();
        await ParallelAsync();
        await TrackersAsync();
        await AmbientAsync();
        await ErrorsAsync();
        await ExportAsync();
        return 0;
    }

    public static async Task SweepAsync()
    {
        var result = await Sweep.RunAsync(
            new SweepDefinition
            {
                Method = "random",
                Metric = Metric.Minimize("loss"),
                Limits = { MaxRuns = 100 },
                Parameters = { ["lr"] = Parameter.Float(1e-5, 0.1, log: true), ["layers"] = Parameter.Int(1, 4) },
            },
            async (run, cancellation) =>
            {
                for (var epoch = 0; epoch < 10; epoch++)
                    await run.ReportAsync(epoch, ("loss", Train(run.Parameters.Get<double>("lr"), run.Seed)), cancellation);
            });

        Console.WriteLine(result.Best!.Parameters["lr"]);
    }

    public static async Task<int> ProgramAsync(string[] args)
    {
        return await OrchestratorApp.RunAsync(args, app => app.Trainables.Add<MyModel>("my-model"));
    }

    public static async Task HostAsync(HostApplicationBuilder builder, ISweepClient client)
    {
        builder.Services.AddOrchestrator(builder.Configuration).AddTrainable<MyModel>("my-model");
        // ...
        var sweep = await client.SubmitAsync("sweep.yaml", new SubmitOptions { Priority = 1 });
        await client.SetAsync(sweep.Id, new SweepSettings { MaxConcurrent = 8 });
        await client.WaitAsync(sweep.Id);
        var good = await client.RunsAsync(sweep.Id, [RunState.Completed]).Where(r => r.Metrics["loss"] < 0.1).ToListAsync();
    }

    public static async Task DashboardAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOrchestrator(builder.Configuration).AddTrainable<MyModel>("my-model").AddDashboard();

        var app = builder.Build();
        app.MapOrchestrator("/sweeps");
        await app.RunAsync();
    }

    public static void OwnHangfire(WebApplicationBuilder builder, string connection)
    {
        builder.Services.AddHangfire(hangfire => hangfire
            .UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(connection))
            .UseOrchestrator());
        builder.Services.AddOrchestrator(builder.Configuration).AddTrainable<MyModel>("my-model").AddDashboard();
    }

    public static void OwnAuthorization(WebApplication app)
    {
        app.MapOrchestrator("/sweeps").RequireAuthorization("operators");
    }

    public static void AskAndTell()
    {
        var space = SearchSpace.Create(new() { Parameters = { ["x"] = Parameter.Float(0.0, 1.0) } });
        var sampler = Samplers.Create("sobol", space, seed: 7);
        var first = sampler.Ask(new AskContext(0, new SeededRandom(7, 0)));
    }

    public static async Task CheckpointsAsync(RunContext run, ICheckpointable model, ICheckpointable optimizer)
    {
        run.Register("model", model);                                  // what has a state
        run.Register("optimizer", optimizer);

        for (var epoch = await run.Checkpoints.RestoreAsync() + 1; epoch <= 90; epoch++)   // 0 + 1 when there is none
        {
            var loss = Train(model, optimizer, run.Random);
            await run.ReportAsync(epoch, ("loss", loss));              // first what was reported,
            await run.Checkpoints.SaveAsync(epoch);                    // then the checkpoint that it belongs to
        }
    }

    public static async Task FilterAsync(SweepResult result)
    {
        var slow = RunFilter.Parse("duration > 60 and parameters.hidden >= 128");
        await foreach (var run in result.ReadRunsAsync().Where(slow))
            Console.WriteLine(run.Id);
    }

    public static void Worker(string[] args)
    {
        if (WorkerProcess.RunIfAsked(args, services => services.AddOrchestrator().AddTrainable<MyModel>("my-model"))) return;
    }

    private static async Task BlockAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));

        var record = await experiment.RunAsync(async run =>
        {
            for (var epoch = 0; epoch < experiment.Configuration.Epochs; epoch++)
                await run.ReportAsync(epoch, ("loss", await TrainAsync(epoch)));
            using (var task = run.StartTask("validation"))
                task.LogMetric("accuracy", 0.9);            // the run has validation.accuracy, and the task a duration of its own
            await run.AddArtifactAsync("model.bin");        // copied into the run's folder, with its hash, once
        });

        Console.WriteLine($"{record.Id} {record.State} {record.Metrics["loss"]}");
    }

    private static async Task ByHandAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        await using var run = await experiment.StartRunAsync(new RunOptions { Id = "baseline", Name = "first try", Tags = { "baseline" } });
        run.LogMetric("loss", 0.5);                         // without a step: they are counted
        run.SetParameter("dropout", 0.2);                   // on top of the configuration; the last one wins
        run.SetAttribute("data", "digits-v2");
        run.Complete();                                     // disposed without a word, it has failed
    }

    private static async Task ResumeAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        await experiment.RunAsync(TrainAsync, new RunOptions { Resume = true });                     // the last run of this experiment
        await experiment.RunAsync(TrainAsync, new RunOptions { Resume = true, Id = "baseline" });    // a further attempt at this one
    }

    private static async Task ParallelAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => experiment.RunAsync(TrainAsync, new RunOptions { Seed = seed })));
    }

    private static async Task TrackersAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        experiment.Trackers.Remove("console").Add("csv").Add("mine", context => new MyTracker());
        await experiment.RunAsync(TrainAsync);
    }

    private static async Task AmbientAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        await experiment.RunAsync(_ => Deep());

        static async Task Deep()
        {
            await Task.Yield();
            var rate = Experiment<Config>.Current.LearningRate;   // throws NoActiveRunException outside of a run
            CurrentRun.LogMetric("rate", rate);                   // warns and does nothing outside of a run
        }
    }

    private static async Task ErrorsAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        try
        {
            await experiment.RunAsync(_ => throw new InvalidDataException("no data"));
        }
        catch (InvalidDataException)
        {
            // recorded as failed, with type, message and stack; and yours to handle
        }

        await foreach (var failed in experiment.RunsAsync("state == 'failed'"))
            Console.WriteLine($"{failed.Id}: {failed.Failure!.Message}");
    }

    private static async Task ExportAsync()
    {
        await using var experiment = new Experiment<Config>(new Config(LearningRate: 0.1));
        await experiment.ExportAsync("runs.csv", new ExportOptions { Where = "state == 'completed' and metrics.loss < 0.5" });
        await experiment.ExportAsync("curves.jsonl", new ExportOptions { Content = ExportContent.Metrics });
    }

    private static double Train(double rate, long seed) => rate * seed;

    private static double Train(ICheckpointable model, ICheckpointable optimizer, SeededRandom random) =>
        ReferenceEquals(model, optimizer) ? 0 : random.NextDouble();

    private static async Task<double> TrainAsync(int epoch)
    {
        await Task.Yield();
        return 1.0 / (epoch + 1);
    }

    private static Task TrainAsync(RunContext run)
    {
        run.LogMetric("loss", 1);
        return Task.CompletedTask;
    }
}

public sealed record Config(double LearningRate, int Epochs = 10);

public sealed class MyModel(RunContext run, ILogger<MyModel> log) : ITrainable
{
    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("seed {Seed}", run.Seed);           // goes to the run's own run.log
        await run.ReportAsync(1, ("loss", 0.5), cancellationToken);
    }
}

public sealed class MyTracker : ITracker
{
    public ValueTask StartAsync(RunInfo run, CancellationToken cancellationToken) => default;
    public ValueTask ReportAsync(ReadOnlyMemory<MetricPoint> points, CancellationToken cancellationToken) => default;
    public ValueTask EndAsync(RunEnd end, CancellationToken cancellationToken) => default;
    public ValueTask DisposeAsync() => default;
}
