using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

public sealed class CheckpointTests
{
    private const int Kills = 3;

    /// <summary>Many more than are waited for: a kill takes effect some epochs later, and must not come after the last.</summary>
    private const int Epochs = 300;

    private static string Sweep(string trainable, string parameters, string isolation) => $$"""
        {
          "name": "killed",
          "trainable": "{{trainable}}",
          "isolation": "{{isolation}}",
          "metric": {"name": "valLoss", "goal": "minimize"},
          "parameters": { {{parameters}}, "epochs": {{Epochs}}}
        }
        """;

    [Theory]
    [InlineData("Orchestrator.Zoo", "descent", "\"momentum\": 0.9", "thread")]
    [InlineData("Orchestrator.Zoo", "descent", "\"momentum\": 0.5", "process")]
    [InlineData("Orchestrator.App", "torch-digits", "\"hidden\": 16, \"dropout\": 0.1, \"schedule\": \"cosine\", \"batchSize\": 256, \"checkpointEvery\": 1", "process")]
    public async Task Promise19_KilledAndResumed_EndsBitForBitAsUninterrupted(string program, string trainable, string parameters, string isolation)
    {
        using var whole = new ProgramHome { Program = program };
        using var killed = new ProgramHome { Program = program };
        var uninterrupted = await whole.RunAsync("sweep", whole.Write("killed.json", Sweep(trainable, parameters, isolation)));
        Assert.True(uninterrupted.ExitCode == 0, uninterrupted.Error);
        var file = killed.Write("killed.json", Sweep(trainable, parameters, isolation));
        for (var kill = 0; kill < Kills; kill++)
            await KillAfterAsync(killed, kill == 0 ? ["sweep", file] : ["resume"], checkpoints: 20 + (5 * kill));

        var resumed = await killed.RunAsync("resume");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var (expected, actual) = (await ShowAsync(whole), await ShowAsync(killed));
        Assert.Equal("completed", actual.GetProperty("run").GetProperty("state").GetString());
        var attempts = actual.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(Kills + 1, attempts.Count);
        Assert.All(attempts[..^1], a => Assert.Equal("workerLost", a.GetProperty("failure").GetProperty("kind").GetString()));
        // Which ones went on is the kill's affair: what the store had not taken in by then is done once more.
        Assert.Contains(attempts[1..], a => a.GetProperty("resumedFrom") is { ValueKind: JsonValueKind.Number } step && step.GetInt64() > 0);
        foreach (var name in (string[])["objective", "metrics"])
            Assert.Equal(expected.GetProperty("run").GetProperty(name).GetRawText(), actual.GetProperty("run").GetProperty(name).GetRawText());
        Assert.Equal(expected.GetProperty("series").GetRawText(), actual.GetProperty("series").GetRawText());
        // Weights, optimizer and generator are in the last checkpoint, and in nothing of it is there a time or an attempt.
        var (last, lastResumed) = (Assert.Single(Checkpoints(expected)), Assert.Single(Checkpoints(actual)));
        Assert.Equal((Epochs, last.Sha256), (lastResumed.Step, lastResumed.Sha256));
        Assert.Equal(await SeriesAsync(whole), await SeriesAsync(killed));
    }

    /// <summary>Kills the program once so many more checkpoints have come into their place.</summary>
    private static async Task KillAfterAsync(ProgramHome home, string[] args, int checkpoints)
    {
        var left = checkpoints;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(home.Folder) { IncludeSubdirectories = true, Filter = "step-*.zip" };
        watcher.Renamed += (_, _) =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                enough.SetResult();
        };
        watcher.EnableRaisingEvents = true;
        using var process = home.Start(args);
        var streams = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var ended = process.WaitForExitAsync();
        Assert.True(await Task.WhenAny(enough.Task, ended).WaitAsync(Patience.Deadline) == enough.Task, "The program ended before it was killed.");
        process.Kill();
        await ProgramHome.EndAsync(process);
        await streams;
        Assert.Equal(128 + 9, process.ExitCode);
    }

    private static async Task<JsonElement> ShowAsync(ProgramHome home)
    {
        var shown = await home.RunAsync("show", "0", "--json");
        Assert.True(shown.ExitCode == 0, shown.Error);
        return shown.Json;
    }

    private static List<(long Step, string Sha256)> Checkpoints(JsonElement shown) =>
        [.. shown.GetProperty("checkpoints").EnumerateArray().Select(c => (c.GetProperty("step").GetInt64(), c.GetProperty("sha256").GetString()!))];

    private static async Task<List<string>> SeriesAsync(ProgramHome home)
    {
        var exported = await home.RunAsync("export", "--what", "metrics", "--format", "jsonl");
        Assert.True(exported.ExitCode == 0, exported.Error);
        var series = exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(v => $"{v.GetProperty("step")} {v.GetProperty("metric")} {v.GetProperty("value").GetRawText()}").ToList();
        Assert.Equal(series.Count, series.Distinct().Count());
        Assert.Equal(Epochs, series.Count(value => value.Contains(" valLoss ", StringComparison.Ordinal)));
        return series;
    }
}
