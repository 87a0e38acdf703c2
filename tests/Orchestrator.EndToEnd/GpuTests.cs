using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The real program, with an <c>nvidia-smi</c> of the test's own on its PATH.</summary>
public sealed class GpuTests
{
    private const string Sweep = """
        {"name": "gpu", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "resources": {"gpus": 1},
         "parameters": {"function": "branin", "x1": [0, 1, 2], "x2": [0, 1]}}
        """;

    [Fact]
    public async Task Sweep_GpusOfTheMachine_AreThoseThatCudaWouldSee()
    {
        using var home = Home();
        home.Environment["CUDA_VISIBLE_DEVICES"] = "2,0";

        var doctor = await home.RunAsync("doctor");
        var result = await home.RunAsync("sweep", home.Write("gpu.json", Sweep), "--gpus", "1", "--json");
        var devices = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("device").GetString());

        Assert.Contains("cuda:0: NVIDIA H100, 80 GiB (4.0 MiB used), GPU 2 of nvidia-smi", doctor.Output);
        Assert.Contains("cuda:1: NVIDIA H100, 80 GiB (4.0 MiB used), GPU 0 of nvidia-smi", doctor.Output);
        Assert.Contains("'default' has 2 GPUs", doctor.Output);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(["cuda:1"], devices.Distinct());
    }

    [Fact]
    public async Task Sweep_PoolsInAppsettings_AreUsedAndChecked()
    {
        using var home = Home();
        home.Write("appsettings.json", """{"Orchestrator": {"Pools": {"big": {"Gpus": [1, 2], "Memory": "8GiB"}}}}""");
        var file = home.Write("gpu.json", Sweep);

        var two = await home.RunAsync("sweep", file, "--set", "resources.gpus=2", "--no-progress");
        var three = await home.RunAsync("sweep", file, "--set", "resources={gpus: 3, pool: big}");
        var devices = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("device").GetString());

        Assert.True(two.ExitCode == 0, two.Error);
        Assert.Equal(["cuda:1,2"], devices.Distinct());
        Assert.Equal(3, three.ExitCode);
        Assert.Contains("error SWP046: A run asks for 3 GPUs, and no pool here could ever hold it: 'big' has 2 GPUs", three.Error);
    }

    [Theory]
    [InlineData("2x80GiB", "cuda:0,cuda:1", null)]
    [InlineData("1", "cuda:1", null)]
    [InlineData("none", "cpu", "note: no GPU that a run could have: 'gpus: auto' gives runs none.")]
    public async Task Sweep_AGpuIfThereIsOne_TakesWhatThereIs(string gpus, string devices, string? note)
    {
        using var home = Home();
        var file = home.Write("gpu.json", Sweep);

        var result = await home.RunAsync("sweep", file, "--gpus", gpus, "--set", "resources={gpus: auto, runsPerGpu: 2}", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("device").GetString()!).ToArray();

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(6, runs.Length);
        Assert.Subset(devices.Split(',').ToHashSet(), runs.ToHashSet());
        Assert.Equal(note is not null, result.Error.Contains("gives runs none", StringComparison.Ordinal));
        if (note is not null)
            Assert.Contains(note, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "2,0")] // nobody said anything: left as it is
    [InlineData("none", "")]
    public async Task Sweep_RunsThatAskForNoGpu_SeeNoneIfThereAreToBeNone(string? gpus, string seen)
    {
        using var home = Home();
        home.Environment["CUDA_VISIBLE_DEVICES"] = "2,0";
        var file = home.Write("c.yaml", "command: [sh, -c, 'echo \"sees <$CUDA_VISIBLE_DEVICES>\"; echo \"{\\\"loss\\\": 1}\"']\nmetric: {name: loss, goal: minimize}\nparameters: {x: 1}\n");

        var result = await home.RunAsync(["sweep", file, "--no-progress", .. gpus is null ? (string[])[] : ["--gpus", gpus]]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.DoesNotContain("note:", result.Error, StringComparison.Ordinal);
        Assert.Contains($"sees <{seen}>", (await home.RunAsync("logs", "0")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_WithoutGpus_DoesNotAskForAny()
    {
        using var home = Home();

        var result = await home.RunAsync("sweep", home.Write("gpu.json", Sweep), "--set", "resources={}");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.False(File.Exists(Path.Combine(home.Folder, "asked")));
    }

    private static ProgramHome Home()
    {
        var home = new ProgramHome();
        var bin = Directory.CreateDirectory(Path.Combine(home.Folder, "bin")).FullName;
        var smi = Path.Combine(bin, "nvidia-smi");
        File.WriteAllText(smi, $"""
            #!/bin/sh
            touch '{home.Folder}/asked'
            for i in 0 1 2; do echo "$i, GPU-0000-$i, NVIDIA H100, 81559, 4"; done

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(smi, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        home.Environment["PATH"] = bin + ":" + System.Environment.GetEnvironmentVariable("PATH");
        return home;
    }
}
