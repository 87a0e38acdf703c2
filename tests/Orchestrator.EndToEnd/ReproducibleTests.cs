using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

public sealed class ReproducibleTests
{
    private const string Sweep = """
        {
          "name": "repeat",
          "trainable": "function",
          "metric": {"name": "value", "goal": "minimize", "target": 0.005},
          "method": "random",
          "parameters": {"x": {"min": -1.0, "max": 1.0}, "y": {"min": -1.0, "max": 1.0}, "sleep": {"min": 0.0, "max": 0.04}},
          "replicates": 2,
          "failure": {"stopAfterConsecutive": 20},
          "limits": {"maxRuns": 4000},
          "reproducible": true
        }
        """;

    [Fact]
    public async Task Reproducible_AnyWorkersAndKills_SameHash()
    {
        var hashes = new List<string>();
        foreach (var workers in (int[])[1, 2, 8])
        {
            using var home = new ProgramHome();
            var file = home.Write("repeat.json", Sweep);
            for (var kill = 0; kill < 2; kill++)
                await KillAsync(home, kill == 0 ? ["sweep", file, "--workers", $"{workers}"] : ["resume", "--workers", $"{9 - workers}"], after: 10 + workers);
            var last = await home.RunAsync("resume", "--workers", $"{workers}", "--json");
            Assert.True(last.ExitCode == 0, last.Error);
            Assert.Contains("the target was reached by run", last.Json.GetProperty("sweep").GetProperty("endReason").GetString(), StringComparison.Ordinal);
            var hash = (await home.RunAsync("export", "--hash", "--json")).Json.GetProperty("hash");
            if (hashes.Count == 0)
                Assert.Equal(hash.GetProperty("sha256").GetString(), (await home.RunAsync("export", "--hash")).Output.Split(' ')[0]);
            hashes.Add($"{hash.GetProperty("runs")} {hash.GetProperty("sha256").GetString()}");
        }

        Assert.Single(hashes.Distinct());
        Assert.Matches("^[1-9][0-9]{2,3} [0-9a-f]{64}$", hashes[0]);
    }

    private static async Task KillAsync(ProgramHome home, string[] args, int after)
    {
        using var process = home.Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var ended = 0;
        while (await process.StandardError.ReadLineAsync() is { } line)
            if (line.StartsWith("run ", StringComparison.Ordinal) && line.Contains(" completed", StringComparison.Ordinal) && ++ended == after)
                process.Kill();

        await ProgramHome.EndAsync(process);
        await output;
        Assert.Equal(128 + 9, process.ExitCode);
    }
}
