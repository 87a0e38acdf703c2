using Orchestrator.App.Trainables.Functions;
using Orchestrator.Cli;
using Orchestrator.Cli.Starting;
using Orchestrator.Configuration;

namespace Orchestrator.Tests.Cli;

/// <summary><c>init</c>.</summary>
public sealed class StartVerbTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("first.yaml")]
    [InlineData("first.yml")]
    [InlineData("first.json")]
    [InlineData("true.yaml")]
    [InlineData("a \"quoted\" name.json")]
    [InlineData("x: y.yaml")]
    public async Task Init_WithTheFunction_ValidatesAndRuns(string name)
    {
        var file = Path.Combine(_bench.Folder, name);
        Assert.Equal(0, await RunAsync("init", file));
        Assert.Equal(0, await RunAsync("validate", file));
        Assert.Equal(0, await RunAsync("sweep", file, "--no-progress"));
        var sweep = (await _bench.RunAsync("status", "--json")).Json.GetProperty("sweep");
        Assert.Equal(20, sweep.GetProperty("counts").GetProperty("completed").GetInt32());
        Assert.Equal(Path.GetFileNameWithoutExtension(name), sweep.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("init.json")]
    [InlineData("init.yaml")]
    public async Task Init_WithAnyTrainable_Validates(string name)
    {
        var file = Path.Combine(_bench.Folder, name);
        var run = await _bench.RunAsync("init", file, "--json");
        Assert.Equal("ok", run.Json.GetProperty("trainable").GetString()); // the first one registered
        Assert.Equal(0, (await _bench.RunAsync("validate", file)).Code);
        Assert.Equal(0, (await _bench.RunAsync("init", file, "--force", "--trainable", "talks")).Code);
        Assert.Equal(0, (await _bench.RunAsync("validate", file)).Code);
    }

    [Fact]
    public void Create_TrainableWithAValidationMetric_ChoosesByThat()
    {
        var trainable = new TrainableInfo("mine") { Metrics = ["trainLoss", "valAccuracy", "testAccuracy"] };

        Assert.Contains("metric: {name: valAccuracy, goal: maximize}", StarterFile.Create(trainable, "first", yaml: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_FileIsThere_IsRefused_UnlessForced()
    {
        var file = _bench.Write("mine", "sweep.yaml");
        var run = await _bench.RunAsync("init", file);
        Assert.Equal(2, run.Code);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Equal(0, (await _bench.RunAsync("init", file, "--force")).Code);
        Assert.NotEqual("mine", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("ends in .json", "sweep.txt")]
    [InlineData("did you mean 'ok'", "sweep.yaml", "--trainable", "okk")]
    [InlineData("cannot be written", "none/sweep.yaml")]
    public async Task Init_WrongInput_ExitsWith2(string expected, string file, params string[] args)
    {
        var run = await _bench.RunAsync(["init", Path.Combine(_bench.Folder, file), .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Folder));
    }

    private Task<int> RunAsync(params string[] args) =>
        new CliApp(new CliConsole(TextWriter.Null, TextWriter.Null, () => Stream.Null, _ => null), app => app.Trainables.Add<FunctionTrainable>("function"))
            .RunAsync([.. args, "--home", _bench.Home]);
}
