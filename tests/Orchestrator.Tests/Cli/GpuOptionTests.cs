namespace Orchestrator.Tests.Cli;

/// <summary><c>--gpus</c>, and what a file asks of the machine.</summary>
public sealed class GpuOptionTests : IDisposable
{
    private const string Half = """, "resources": {"gpus": 0.5}""";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Sweep_PretendedGpus_TellsEachRunItsDevice()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(more: Half), "--gpus", "2x80GiB");
        Assert.Equal(0, run.Code);
        Assert.Contains("note: the GPUs are pretended", run.Error, StringComparison.Ordinal);
        var runs = (await _bench.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray();
        Assert.All(runs, r => Assert.Matches("^cuda:[01]$", r.GetProperty("device").GetString()));
    }

    [Fact]
    public async Task Sweep_MoreThanThereIs_ExitsWith3AndNamesThePlace()
    {
        var file = _bench.Grid(more: ",\n  \"resources\": {\"gpus\": 3}");
        var run = await _bench.RunAsync("sweep", file, "--gpus", "2x80GiB");
        Assert.Equal(3, run.Code);
        Assert.Contains(
            $"{file}(4,25): error SWP046: A run asks for 3 GPUs, and no pool here could ever hold it: 'default' has 2 GPUs", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _bench.RunAsync("list", "--json")).Json.GetProperty("sweeps").GetArrayLength());
    }

    [Fact]
    public async Task Validate_MoreThanThereIs_IsAWarning()
    {
        var run = await _bench.RunAsync("validate", _bench.Grid(more: """, "resources": {"gpus": 3000}"""));
        Assert.Equal(0, run.Code);
        Assert.Contains("warning SWP046: A run asks for 3000 GPUs", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_UnknownPool_NamesTheNearest()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(more: """, "resources": {"pool": "defualt"}"""));
        Assert.Equal(3, run.Code);
        Assert.Contains("error SWP045: There is no pool 'defualt'; did you mean 'default'?", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4y80GiB")]
    [InlineData("0,0")]
    [InlineData("")]
    public async Task Sweep_GpusThatAreNone_ExitsWith2(string gpus)
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(more: Half), "--gpus", gpus);
        Assert.Equal(2, run.Code);
        Assert.Contains($"--gpus takes all, none, a list such as 0,1, or pretended ones such as 4x80GiB, not '{gpus}'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_GpusAndAnotherPool_ExitsWith2()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(more: """, "resources": {"gpus": 1, "pool": "big"}"""), "--gpus", "1x1GiB");
        Assert.Equal(2, run.Code);
        Assert.Contains("the sweep runs in 'big'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_GpusThatNoRunAsksFor_SaysSo()
    {
        var run = await _bench.RunAsync("sweep", _bench.Grid(), "--gpus", "1x1GiB");
        Assert.Equal(0, run.Code);
        Assert.Contains("note: the sweep asks for no GPU", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_OnOtherGpus_GoesOn()
    {
        var id = await _bench.SweepAsync(_bench.Grid(more: Half + """, "limits": {"maxRuns": 2}"""), "--gpus", "1x80GiB");
        Assert.Equal(0, (await _bench.RunAsync("add", id, "--runs", "4", "--gpus", "3x80GiB")).Code);
        Assert.Equal(6, (await _bench.RunAsync("runs", id, "--json")).Json.GetProperty("runs").GetArrayLength());
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("add", "--runs", "1")]
    public async Task GoOn_AGpuIfThereIsOneAndThereIsNone_SaysSo(params string[] verb)
    {
        var id = await _bench.SweepAsync(_bench.Grid(more: """, "resources": {"gpus": "auto"}, "limits": {"maxRuns": 2}"""), "--gpus", "1x80GiB");
        if (verb is ["resume"])
            await _bench.RunAsync("set", id, "maxRuns=4");
        var run = await _bench.RunAsync([.. verb, id, "--gpus", "none"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("note: no GPU that a run could have: 'gpus: auto' gives runs none.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("note:", (await _bench.RunAsync("resume", id, "--gpus", "none")).Error, StringComparison.Ordinal); // nothing is left to run
    }
}
