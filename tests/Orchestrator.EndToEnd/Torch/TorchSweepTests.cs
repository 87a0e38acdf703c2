using System.Globalization;
using System.Text.Json;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Torch;

/// <summary>TorchSharp in the real program: in processes, killed, aborted.</summary>
public sealed class TorchSweepTests(ITestOutputHelper output)
{
    private const string Sweep = """
        {
          "name": "torch",
          "trainable": "torch-digits",
          "metric": {"name": "valLoss", "goal": "minimize"},
          "method": "grid",
          "parameters": {"model": "mlp", "hidden": 32, "dropout": [0.0, 0.3], "learningRate": [0.003, 0.01], "epochs": EPOCHS, "checkpointEvery": 3},
          "replicates": 2
        }
        """;

    [Fact]
    public async Task Sweep_OnOneTwoAndFourProcesses_IsBitIdentical()
    {
        var results = new List<string[]>();
        foreach (var workers in new[] { "1", "2", "4" })
        {
            using var home = new ProgramHome();
            var file = home.Write("torch.json", Sweep.Replace("EPOCHS", "4", StringComparison.Ordinal));
            var result = await home.RunAsync("sweep", file, "--workers", workers, "--json");
            Assert.True(result.ExitCode == 0, result.Error);
            results.Add(await MetricsAsync(home));
        }

        Assert.Equal(8, results[0].Distinct().Count());
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public async Task Sweep_OnPretendedGpus_IsPackedAndUsesTheProcessor()
    {
        using var home = new ProgramHome();
        var file = home.Write("torch.json", Sweep.Replace("EPOCHS", "1", StringComparison.Ordinal));

        var result = await home.RunAsync(
            "sweep", file, "--gpus", "2x8GiB", "--workers", "2", "--set", "resources.gpus=1", "--set", "resources.runsPerGpu=2", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToList();
        var log = await home.RunAsync("logs", runs[0].GetProperty("id").GetString()!);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.All(runs, run => Assert.StartsWith("cuda:", run.GetProperty("device").GetString(), StringComparison.Ordinal));
        Assert.Contains("The device cuda:0 is pretended: the run uses the processor instead.", log.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_AfterKill9_IsBitIdentical()
    {
        var sweep = Sweep.Replace("EPOCHS", "40", StringComparison.Ordinal);
        using var whole = new ProgramHome();
        Assert.Equal(0, (await whole.RunAsync("sweep", whole.Write("torch.json", sweep), "--json")).ExitCode);

        using var killed = new ProgramHome();
        using (var process = killed.Start("sweep", killed.Write("torch.json", sweep), "--workers", "2"))
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var checkpoint = FirstCheckpointAsync(killed);
            await Task.WhenAny(checkpoint, process.WaitForExitAsync());
            process.Kill();
            await ProgramHome.EndAsync(process);
            await output;
            Assert.Equal(128 + 9, process.ExitCode);
        }

        var resumed = await killed.RunAsync("resume", "--workers", "2", "--json");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(await MetricsAsync(whole), await MetricsAsync(killed));
        var attempts = (await killed.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("attempts").GetInt32());
        Assert.Contains(2, attempts);
    }

    [Fact]
    public async Task Abort_OfTheNativeLibrary_IsTheRunsOwnFailure()
    {
        using var home = new ProgramHome();
        var file = home.Write("abort.json", $$$"""
            {
              "name": "abort",
              "trainable": {"type": "{{{typeof(Aborts).FullName}}}", "assembly": "{{{typeof(Aborts).Assembly.Location}}}"},
              "metric": {"name": "loss", "goal": "minimize"},
              "method": "grid",
              "parameters": {"how": ["well", "abort", "shape", "matmul", "memory", "well too"]}
            }
            """);

        var result = await home.RunAsync("sweep", file, "--workers", "1", "--json");
        var failures = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray()
            .ToDictionary(r => r.GetProperty("parameters").GetProperty("how").GetString()!, r => r.GetProperty("failure"));

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(JsonValueKind.Null, failures["well"].ValueKind);
        Assert.Equal(JsonValueKind.Null, failures["well too"].ValueKind);
        Said("abort", "signal", "SIGABRT");
        Said("matmul", "signal", "SIGABRT");
        Said("shape", "exception", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
        Said("memory", "outOfMemory", "you tried to allocate 4503599627370496 bytes");

        void Said(string how, string kind, string text)
        {
            Assert.Equal(kind, failures[how].GetProperty("kind").GetString());
            Assert.Contains(text, failures[how].GetProperty("message").GetString()!.Split('\n')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Doctor_SaysWhichLibtorchIsLoaded()
    {
        using var home = new ProgramHome();

        var result = await home.RunAsync("doctor");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("for libtorch", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"loaded is .*torch_cpu", result.Output);
        Assert.Contains("CUDA:", result.Output, StringComparison.Ordinal);
    }

    /// <summary>ORCHESTRATOR_TORCH_RUNS=500 takes the time it takes.</summary>
    [Fact]
    public async Task Runs_ManyThroughOneWorker_LeaveNoTensorAndMemoryFlat()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_TORCH_RUNS"), CultureInfo.InvariantCulture, out var asked) ? asked : 60;
        using var home = new ProgramHome();
        var file = home.Write("lives.json", $$$"""
            {
              "name": "lives",
              "trainable": {"type": "{{{typeof(Lives).FullName}}}", "assembly": "{{{typeof(Lives).Assembly.Location}}}"},
              "metric": {"name": "valLoss", "goal": "minimize"},
              "method": "grid",
              "parameters": {"learningRate": 0.01},
              "replicates": {{{count}}},
              "isolation": "process"
            }
            """);

        var result = await home.RunAsync("sweep", file, "--workers", "1", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        var found = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray()
            .OrderBy(r => r.GetProperty("number").GetInt64()).Select(r => r.GetProperty("metrics"))
            .Select(m => (Tensors: m.GetProperty("tensors").GetDouble(), Resident: m.GetProperty("resident").GetDouble(), Process: m.GetProperty("process").GetDouble()))
            .ToList();
        var settled = found.Skip(count / 4).Select(f => f.Resident / 1e6).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found.Count} runs; resident {settled.Min():F0} to {settled.Max():F0} MB; tensors found: {string.Join(' ', found.Select(f => f.Tensors).Distinct())}"));
        Assert.Equal(count, found.Count);
        Assert.Single(found.Select(f => f.Process).Distinct());
        Assert.All(found, f => Assert.Equal(0, f.Tensors));
        Assert.InRange(settled.Max() - settled.Min(), 0, 50);
    }

    private static async Task<string[]> MetricsAsync(ProgramHome home)
    {
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs");
        return [.. runs.EnumerateArray().OrderBy(r => r.GetProperty("number").GetInt64()).Select(r => r.GetProperty("metrics").GetRawText())];
    }

    /// <summary>Ends once a run has saved something; whoever is killed then has it to go on from.</summary>
    private static async Task FirstCheckpointAsync(ProgramHome home)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(home.Folder, "step-*.zip") { IncludeSubdirectories = true };
        watcher.Created += (_, _) => seen.TrySetResult();
        watcher.Renamed += (_, _) => seen.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await seen.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }
}
