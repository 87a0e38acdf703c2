using Orchestrator.Storage;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Tests.Storage;

namespace Orchestrator.Tests.Cli;

/// <summary>A home whose ids, times and values are always the same: 30 runs, the 10 of them that use sgd fail.</summary>
internal static class DemoStore
{
    public const string Id = "20260301-120000-demo";
    public const string Other = "20260302-120000-more";

    private const string Definition = """
        {"name": "demo", "trainable": "ok", "metric": {"name": "valLoss", "goal": "minimize"}, "method": "random",
         "parameters": {"learningRate": {"min": 0.001, "max": 0.1}, "optimizer": ["adam", "sgd"], "model": {"parameters": {"depth": [2, 3]}}, "epochs": 5}}
        """;

    public static async Task CreateAsync(string home)
    {
        await using var store = await OpenAsync(home);
        await FillAsync(store, Id, "demo", 30);
        await FillAsync(store, Other, "more", 2);
    }

    public static Task<SqliteSweepStore> OpenAsync(string home) =>
        SqliteSweepStore.OpenAsync(new SqliteStoreOptions { DatabaseFile = Path.Combine(home, "orchestrator.db") });

    private static async Task FillAsync(SqliteSweepStore store, string id, string name, int runs)
    {
        var key = await store.CreateSweepAsync(StoreBuilders.Sweep(id, Metric.Minimize("valLoss")) with
        {
            Name = name,
            Project = "digits",
            Method = "random",
            Definition = Definition,
            Tags = ["baseline"],
            CreatedAt = StoreBuilders.At(0),
        });
        await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Running, PlannedRuns = runs, At = StoreBuilders.At(1) });
        for (var i = 0; i < runs; i++)
            await RunAsync(store, key, i);
        await store.AppendAsync(new SweepChanged { Sweep = key, State = SweepState.Completed, EndReason = "all runs have ended", ElapsedSeconds = 75.5, At = StoreBuilders.At(100) });
        await store.FlushAsync();
    }

    private static async Task RunAsync(SqliteSweepStore store, long sweep, int number)
    {
        var fails = number % 3 == 2;
        var last = 1.0 / (number + 2);
        await store.AppendAsync(new RunQueued
        {
            Run = new(sweep, number),
            Name = $"run-{number}",
            Proposal = number,
            Replicate = 0,
            Seed = 100 + number,
            Parameters = new(
            [
                new("learningRate", 0.001 * (1 + ((number * 7) % 30))), new("optimizer", fails ? "sgd" : "adam"), new("model.depth", 2 + (number % 2)), new("epochs", 5),
            ]),
            At = StoreBuilders.At(number),
        });
        await store.AppendAsync(StoreBuilders.Started(sweep, number, at: 2 + number));
        var reports = new ReportBuffer(new(sweep, number), 1);
        reports.Append([new("valLoss", 0, 1.5, StoreBuilders.At(3 + number)), new("valLoss", 1, last, StoreBuilders.At(4 + number)), new("accuracy", 1, 1 - last, StoreBuilders.At(4 + number))]);
        await store.TellAsync(StoreBuilders.Ended(
            sweep, number, fails ? RunState.Failed : RunState.Completed, fails ? null : last, reports: reports, at: 5 + (2 * number), failure: fails ? Failure(number) : null));
    }

    private static RunFailure Failure(int number) => number % 6 == 5 && number > 20
        ? new() { Kind = FailureKind.NonFinite, Message = "The objective is NaN.", Fingerprint = "ba9876543210" }
        : new() { Kind = FailureKind.Exception, Type = "System.InvalidOperationException", Message = $"no luck in run {number}\nwith sgd", StackTrace = "   at Model.Train()", Fingerprint = "0123456789ab" };
}
