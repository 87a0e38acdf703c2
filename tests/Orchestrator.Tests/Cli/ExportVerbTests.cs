using System.Text.Json;
using Orchestrator.Tests.Tracking;

namespace Orchestrator.Tests.Cli;

public sealed class ExportVerbTests : IAsyncLifetime
{
    private readonly CliBench _bench = new();

    public async ValueTask InitializeAsync() => await DemoStore.CreateAsync(_bench.Home);

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Fact]
    public async Task Export_Csv_HasEveryRun_AndReadsBack()
    {
        var rows = Csv.Parse((await _bench.RunAsync("export", DemoStore.Id)).Out);
        Assert.Equal(31, rows.Count);
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));
        Assert.Equal(["run_id", "run_name", "state", "objective"], rows[0][..4]);
        foreach (var column in new[] { "param_learningRate", "param_model.depth", "metric_valLoss", "metric_accuracy", "tag_baseline" })
            Assert.Contains(column, rows[0]);
        Assert.Equal("no luck in run 2\nwith sgd", rows[3][Array.IndexOf(rows[0], "failure_message")]);
        Assert.Equal("", rows[3][3]); // a failed run has no objective
    }

    [Fact]
    public async Task Export_Jsonl_HasTheRunsOfTheFilter_AsRunsPrintsThem()
    {
        var lines = (await _bench.RunAsync("export", DemoStore.Id, "--format", "jsonl", "--where", "state == 'failed'")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var runs = (await _bench.RunAsync("runs", DemoStore.Id, "--state", "failed", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetRawText());
        Assert.Equal(runs, lines);
    }

    [Fact]
    public async Task Export_Hash_IsOfTheRunsOfTheFilterAlone()
    {
        var hash = (await _bench.RunAsync("export", DemoStore.Id, "--hash")).Out;
        Assert.Matches($"^[0-9a-f]{{64}}  {DemoStore.Id}\n$", hash);
        Assert.Equal(hash, (await _bench.RunAsync("export", DemoStore.Id, "--hash")).Out);
        var json = (await _bench.RunAsync("export", DemoStore.Id, "--hash", "--json")).Json.GetProperty("hash");
        Assert.Equal((30, hash[..64]), (json.GetProperty("runs").GetInt32(), json.GetProperty("sha256").GetString()));
        Assert.NotEqual(hash, (await _bench.RunAsync("export", DemoStore.Id, "--hash", "--where", "state == 'failed'")).Out);
        var both = await _bench.RunAsync("export", DemoStore.Id, "--hash", "--format", "csv");
        Assert.Equal(2, both.Code);
        Assert.Contains("--format", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Metrics_HasEveryValue_InOrder()
    {
        var rows = Csv.Parse((await _bench.RunAsync("export", DemoStore.Id, "--what", "metrics")).Out);
        Assert.Equal(1 + (30 * 3), rows.Count);
        Assert.Equal([DemoStore.Id + "/000000", "run-0", "valLoss", "0", "1.5", "2026-03-01T12:00:03.123000Z"], rows[1]);
        Assert.Equal(Enumerable.Range(0, 30).SelectMany(i => Enumerable.Repeat($"{DemoStore.Id}/{i:D6}", 3)), rows.Skip(1).Select(r => r[0]));
        var line = (await _bench.RunAsync("export", DemoStore.Id, "--what", "metrics", "--format", "jsonl")).Out.Split('\n')[0];
        Assert.Equal("run name metric step value time", CliRun.Names(JsonDocument.Parse(line).RootElement));
    }

    [Fact]
    public async Task Export_ToAFile_ReplacesItWhole_AndItsNameSaysTheFormat()
    {
        var file = Path.Combine(_bench.Folder, "runs.jsonl");
        await File.WriteAllTextAsync(file, "old");
        var run = await _bench.RunAsync("export", DemoStore.Id, "--output", file, "--json");
        Assert.Equal(30, run.Json.GetProperty("export").GetProperty("lines").GetInt32());
        Assert.Equal(30, (await File.ReadAllLinesAsync(file)).Count(l => l.StartsWith("{\"id\"", StringComparison.Ordinal)));
        Assert.Equal(["home", "runs.jsonl"], Directory.EnumerateFileSystemEntries(_bench.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Export_ThatFailsHalfway_LeavesTheOldFile_AndNothingElse()
    {
        var file = Path.Combine(_bench.Folder, "runs.csv");
        await File.WriteAllTextAsync(file, "old");
        await using (var store = await DemoStore.OpenAsync(_bench.Home))
        {
            // The parameters of one of the last runs are no JSON any more.
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_bench.Home, "orchestrator.db")};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE runs SET parameters = '{' WHERE name = 'run-29'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        var run = await _bench.RunAsync("export", DemoStore.Id, "-o", file);
        Assert.Equal(1, run.Code);
        Assert.Equal("old", await File.ReadAllTextAsync(file));
        Assert.Equal(["home", "runs.csv"], Directory.EnumerateFileSystemEntries(_bench.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Export_ToALink_ReplacesWhatItPointsTo()
    {
        var (file, link) = (Path.Combine(_bench.Folder, "there.csv"), Path.Combine(_bench.Folder, "link.csv"));
        await File.WriteAllTextAsync(file, "old");
        File.CreateSymbolicLink(link, file);
        await _bench.RunAsync("export", DemoStore.Id, "-o", link);
        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.StartsWith("run_id", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv, jsonl", "--format", "cvs")]
    [InlineData("--jsonl", "--json")]
    [InlineData("'learningRate'", "--where", "learningrate > 3")]
    [InlineData("cannot be written", "--output", "/nowhere/at/all.csv")]
    [InlineData("is a folder", "--output", "/tmp")]
    public async Task Export_WrongInput_ExitsWith2(string expected, params string[] args)
    {
        var run = await _bench.RunAsync(["export", DemoStore.Id, .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected == "--jsonl" ? "--format jsonl" : expected, run.Error, StringComparison.Ordinal);
    }
}
