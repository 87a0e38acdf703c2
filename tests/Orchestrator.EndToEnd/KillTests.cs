using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

public sealed partial class KillTests
{
    private const int Kills = 10;
    private const int Runs = 700;

    private const string Sweep = """
        {
          "name": "killed",
          "trainable": "function",
          "metric": {"name": "value", "goal": "minimize"},
          "method": "random",
          "parameters": {"x": {"min": -1.0, "max": 1.0}, "y": {"min": -1.0, "max": 1.0}, "sleep": 0.03},
          "replicates": 3,
          "limits": {"maxRuns": 700}
        }
        """;

    [Fact]
    public async Task Kill9_TenTimesAtRandomMoments_EveryRunExactlyOnceAndNothingFinishedChanges()
    {
        using var home = new ProgramHome();
        var file = home.Write("killed.json", Sweep);
        var random = new Random(20261121);
        var finished = new Dictionary<long, string>();

        for (var kill = 0; kill < Kills; kill++)
        {
            var told = await RunAndKillAsync(home, kill == 0 ? ["sweep", file, "--workers", "4"] : ["resume", "--workers", "4"], random.Next(1, 50));
            var stored = await CompletedAsync(home);
            Assert.True(told.IsSubsetOf(stored.Keys), "A run that somebody was told about is not in the store.");
            AssertKept(finished, stored);
            finished = stored;
        }

        Assert.InRange(finished.Count, 20, Runs - 1); // the kills came in the middle
        var last = await home.RunAsync("resume", "--workers", "4", "--json");

        Assert.Equal(0, last.ExitCode);
        Assert.Equal("completed", last.Json.GetProperty("sweep").GetProperty("state").GetString());
        var all = await CompletedAsync(home);
        AssertKept(finished, all);
        Assert.Equal(Enumerable.Range(0, Runs).Select(n => (long)n), all.Keys.Order());
        Assert.Equal("ok", Query(home, "PRAGMA integrity_check"));
        Assert.Equal("700 700 700", Query(home, "SELECT count(*) || ' ' || count(DISTINCT run) || ' ' || (SELECT count(*) FROM runs) FROM attempts WHERE state = 3"));
    }

    /// <summary>Kills the program once it has told of so many ended runs; returns the numbers of those it told of.</summary>
    private static async Task<HashSet<long>> RunAndKillAsync(ProgramHome home, string[] args, int after)
    {
        using var process = home.Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var told = new HashSet<long>();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (EndedRun().Match(line) is not { Success: true } match)
                continue;
            told.Add(long.Parse(match.Groups[1].Value, null));
            if (told.Count == after)
                process.Kill();
        }

        await ProgramHome.EndAsync(process);
        await output;
        Assert.Equal(128 + 9, process.ExitCode);
        return told;
    }

    private static async Task<Dictionary<long, string>> CompletedAsync(ProgramHome home)
    {
        var result = await home.RunAsync("runs", "--state", "completed", "--json");
        Assert.Equal(0, result.ExitCode);
        return result.Json.GetProperty("runs").EnumerateArray().ToDictionary(r => r.GetProperty("number").GetInt64(), r => r.GetRawText());
    }

    private static void AssertKept(Dictionary<long, string> before, Dictionary<long, string> after) =>
        Assert.All(before, run => Assert.Equal(run.Value, after.GetValueOrDefault(run.Key)));

    private static string? Query(ProgramHome home, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={home.Database};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    [GeneratedRegex(@"^run (?:[^ ]+/)?(\d+) completed")]
    private static partial Regex EndedRun();
}
