using System.Diagnostics;
using System.Globalization;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>What experiments promise, with processes of their own.</summary>
public sealed class ExperimentTests
{
    private const int Writers = 8;
    private const int Readers = 4;
    private const int Runs = 50;

    [Fact]
    public async Task Promise06_EightWritersAndFourReaders_LoseNothingAndNeverReadHalf()
    {
        using var home = new ProgramHome();
        var readers = Enumerable.Range(0, Readers).Select(_ => Start(home, "read", "shared")).ToList();
        var writers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => RunAsync(home, "write", "shared", Runs.ToString(CultureInfo.InvariantCulture))));
        foreach (var reader in readers)
        {
            await reader.StandardInput.WriteLineAsync();
            var said = await reader.StandardOutput.ReadToEndAsync();
            await ProgramHome.EndAsync(reader);
            Assert.True(reader.ExitCode == 0, said + await reader.StandardError.ReadToEndAsync());
            reader.Dispose();
        }

        var told = writers.SelectMany(w => w.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.All(writers, w => Assert.True(w.ExitCode == 0, w.Error));
        Assert.Equal(Writers * Runs, told.Distinct().Count());
        var stored = (await home.RunAsync("runs", "shared", "--json")).Json.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(told.Order(), stored.Select(r => r.GetProperty("id").GetString()!).Order());
        Assert.Equal(Enumerable.Range(0, Writers * Runs), stored.Select(r => r.GetProperty("number").GetInt32()));
        Assert.All(stored, r => Assert.Equal("completed", r.GetProperty("state").GetString()));
        Assert.Equal(Writers, stored.Select(r => r.GetProperty("attributes").GetProperty("process").GetInt64()).Distinct().Count());
        Assert.Single((await home.RunAsync("list", "--json")).Json.GetProperty("sweeps").EnumerateArray());
        var values = (await home.RunAsync("export", "shared", "--what", "metrics")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((Writers * Runs * 20) + 1, values.Length);
    }

    [Fact]
    public async Task Promise07_KilledProcess_ReadsWorkerLost()
    {
        using var home = new ProgramHome();
        using var process = Start(home, "hold", "mine");
        Assert.Equal("held", await process.StandardError.ReadLineAsync());
        Assert.Equal("running", await StateAsync(home, "mine"));
        process.Kill();
        await ProgramHome.EndAsync(process);

        var listed = (await home.RunAsync("runs", "held", "--json")).Json.GetProperty("runs")[0];
        Assert.Equal("failed", listed.GetProperty("state").GetString());
        Assert.Equal("workerLost", listed.GetProperty("failure").GetProperty("kind").GetString());
        Assert.Equal(19, listed.GetProperty("metrics").GetProperty("value").GetDouble());
        Assert.Empty(Directory.GetFiles(Path.Combine(home.Folder, ".orchestrator", "sessions")));
    }

    [Fact]
    public async Task Promise07_ProcessThatForgetsToStop_EndsAndReadsWorkerLost()
    {
        using var home = new ProgramHome();
        var forgetful = await RunAsync(home, "forget", "mine");
        Assert.Equal(0, forgetful.ExitCode); // what was not disposed kept nothing alive
        Assert.Equal("failed", await StateAsync(home, "mine"));
        Assert.Contains("workerLost", (await home.RunAsync("show", "mine")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promise05_ResumeFromAFreshProcess_OpensTheRun()
    {
        using var home = new ProgramHome();
        using (var process = Start(home, "hold", "mine"))
        {
            Assert.Equal("held", await process.StandardError.ReadLineAsync());
            var refused = await RunAsync(home, "resume");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("is being executed", refused.Error, StringComparison.Ordinal);
            process.Kill();
            await ProgramHome.EndAsync(process);
        }

        Assert.Equal("mine 2", (await RunAsync(home, "resume")).Output.Trim());
        Assert.Equal("mine 3", (await RunAsync(home, "resume", "mine")).Output.Trim());
        var run = (await home.RunAsync("show", "mine", "--json")).Json;
        Assert.Equal("completed", run.GetProperty("run").GetProperty("state").GetString());
        Assert.Equal(22, run.GetProperty("aggregates").GetProperty("value").GetProperty("count").GetInt32());
        Assert.Equal(["failed", "completed", "completed"], run.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Torch_ModuleOfAPlainExperiment_IsInItsCheckpoints()
    {
        using var home = new ProgramHome();

        var first = await RunAsync(home, "train");
        var resumed = await RunAsync(home, "train", "resume");

        Assert.True(first.ExitCode == 0 && resumed.ExitCode == 0, first.Error + resumed.Error);
        var (reached, from) = (first.Output.Split('\n')[1], resumed.Output.Split('\n')[0]);
        Assert.StartsWith("to 3: ", reached, StringComparison.Ordinal);
        Assert.Equal(reached.Replace("to ", "from ", StringComparison.Ordinal), from);
    }

    [Fact]
    public async Task Samples_OfTheDocuments_Run()
    {
        using var home = new ProgramHome();
        var samples = await RunAsync(home, "samples");
        Assert.True(samples.ExitCode == 0, samples.Output + samples.Error);
        Assert.Contains("no data", samples.Output, StringComparison.Ordinal);
        Assert.Contains("baseline", (await home.RunAsync("runs", "Config")).Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(home.Folder, ".orchestrator"), "model.bin", SearchOption.AllDirectories));
    }

    private static async Task<string?> StateAsync(ProgramHome home, string run) =>
        (await home.RunAsync("show", run, "--json")).Json.GetProperty("run").GetProperty("state").GetString();

    private static async Task<ProgramResult> RunAsync(ProgramHome home, params string[] args)
    {
        using var process = Start(home, args);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await ProgramHome.EndAsync(process);
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    private static Process Start(ProgramHome home, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Orchestrator.Samples.dll"), .. args])
        {
            WorkingDirectory = home.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("Orchestrator", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }
}
