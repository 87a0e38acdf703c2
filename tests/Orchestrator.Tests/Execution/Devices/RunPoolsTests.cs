using Microsoft.Extensions.Options;
using Orchestrator.Execution;
using Orchestrator.Execution.Devices;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Tests.Execution.Devices;

public sealed class RunPoolsTests
{
    private const int Whole = ResourceRequest.WholeDevice;
    private readonly OrchestratorOptions _options = new() { Gpus = "4x80GiB" };

    [Fact]
    public async Task Find_OneCpu_NeedsNoLookAtTheGpus()
    {
        _options.Gpus = "7"; // is not there: an error as soon as somebody looks
        var place = await PlaceAsync(new RunResources());
        Assert.Equal(new ResourceRequest(0, 0, 1, 0), place.Request);
        Assert.Equal(Environment.ProcessorCount, place.MostAtOnce(isAsked: false));
        Assert.Equal(int.MaxValue, place.MostAtOnce(isAsked: true));
    }

    [Theory]
    [InlineData(0.5, 6, 1)]
    [InlineData(0.1, 30, 1)]
    [InlineData(1.5, 2, 1)]
    [InlineData(2, 1, 2)]
    public async Task Find_PartsOfCpus_AddUpExactly(double cpus, int most, int threads)
    {
        _options.Pools["small"] = new PoolOptions { Cpus = 3, Memory = "4GiB", Gpus = "none" };
        var place = await PlaceAsync(new RunResources { Pool = "small", Cpus = cpus });
        Assert.Equal((most, threads), (place.MostAtOnce(isAsked: true), place.Cpus));
        place.Pool.Slots = most + 1;
        for (var i = 0; i < most; i++)
        {
            Assert.True(place.Pool.TryFind(place.Request, ignoreHeld: false, out var devices));
            place.Pool.Take(place.Request, devices);
        }

        Assert.False(place.Pool.TryFind(place.Request, ignoreHeld: false, out _));
    }

    [Theory]
    [InlineData(1, null, 1, Whole, 4)]
    [InlineData(2, null, 2, Whole, 2)]
    [InlineData(0.25, null, 1, Whole / 4, 16)]
    [InlineData(0, 3, 1, Whole / 3, 12)]
    [InlineData(1, 2, 1, Whole / 2, 8)]
    [InlineData(0, 1, 1, Whole, 4)]
    public async Task Find_Gpus_AreCountedInDevicesAndShares(double gpus, int? runsPerGpu, int devices, int units, int most)
    {
        var place = await PlaceAsync(new RunResources { Gpus = gpus, RunsPerGpu = runsPerGpu });
        Assert.Equal(new ResourceRequest(devices, units, 0, 0), place.Request);
        Assert.Equal(most, place.MostAtOnce(isAsked: false));
    }

    [Fact]
    public async Task Find_DeclaredCpus_AreNeverExceeded()
    {
        _options.Pools["small"] = new PoolOptions { Cpus = 3, Memory = "4GiB", Gpus = "2x1GiB" };
        var place = await PlaceAsync(new RunResources { Pool = "small", Gpus = 0.1, Memory = 1L << 30 });
        Assert.Equal(3, place.MostAtOnce(isAsked: true));
        Assert.Equal(1, place.Request.Cpus);
    }

    [Fact]
    public async Task Find_NoPoolNamed_TakesTheFirstThatCouldHoldIt()
    {
        _options.Gpus = "none";
        _options.Pools["b"] = new PoolOptions { Gpus = "8x80GiB" };
        _options.Pools["a"] = new PoolOptions { Gpus = "1x80GiB" };
        Assert.Equal("a", (await PlaceAsync(new RunResources { Gpus = 1 })).Pool.Name);
        Assert.Equal("b", (await PlaceAsync(new RunResources { Gpus = 2 })).Pool.Name);
        Assert.Equal("default", (await PlaceAsync(new RunResources())).Pool.Name);
    }

    [Theory]
    [InlineData("4x80GiB", null, null, "default", 1, Whole)]
    [InlineData("4x80GiB", null, 2, "default", 1, Whole / 2)]
    [InlineData("none", null, 2, "default", 0, 0)]
    [InlineData("none", "2x80GiB", 2, "big", 1, Whole / 2)]
    public async Task Find_AGpuIfThereIsOne_TakesAPoolThatHasOneElseTheFirst(string own, string? others, int? runsPerGpu, string pool, int devices, int units)
    {
        (_options.Gpus, _options.Pools["big"]) = (own, new PoolOptions { Gpus = others ?? "none", Memory = "8GiB" });
        var place = await PlaceAsync(new RunResources { GpuIfAny = true, RunsPerGpu = runsPerGpu });
        Assert.Equal((pool, devices, units), (place.Pool.Name, place.Request.Devices, place.Request.Units));
        Assert.Equal(devices == 0 ? 1 : 0, place.Request.Cpus);

        // The pool that is named is the only one that is asked.
        Assert.Equal(own == "none" ? 0 : 1, (await PlaceAsync(new RunResources { GpuIfAny = true, Pool = "default" })).Request.Devices);
        Assert.Equal(others is null ? 0 : 1, (await PlaceAsync(new RunResources { GpuIfAny = true, Pool = "big" })).Request.Devices);
        Assert.StartsWith("SWP046 /resources/memory", await ProblemAsync(new RunResources { GpuIfAny = true, Pool = "big", Memory = 9L << 30 }));
    }

    [Fact]
    public async Task Find_AGpuIfThereIsOne_ThatRunsDoNotFitBeside_GoesWithout()
    {
        _options.Gpus = "none";
        _options.Pools["small"] = new PoolOptions { Gpus = "1x80GiB", Memory = "1GiB" };
        var place = await PlaceAsync(new RunResources { GpuIfAny = true, Memory = 2L << 30 });
        Assert.Equal(("default", 0), (place.Pool.Name, place.Request.Devices));
    }

    [Fact]
    public async Task Find_MoreThanThereIs_SaysWhatThereIs()
    {
        _options.Pools["gpu"] = new PoolOptions { Gpus = "8x80GiB", Cpus = 16, Memory = "64GiB" };
        Assert.Equal(
            "SWP046 /resources/gpus: A run asks for 9 GPUs, and no pool here could ever hold it: 'gpu' has 8 GPUs, 16 cpus, 64 GiB; --gpus says which to use, or pretends some (4x80GiB).",
            await ProblemAsync(new RunResources { Gpus = 9, Pool = "gpu" }));
        Assert.Equal(
            "SWP046 /resources/memory: A run asks for 65 GiB of memory, and no pool here could ever hold it: 'gpu' has 8 GPUs, 16 cpus, 64 GiB.",
            await ProblemAsync(new RunResources { Memory = 65L << 30, Gpus = 1, Pool = "gpu" }));
        Assert.StartsWith("SWP046 /resources/cpus: A run asks for 17 cpus", await ProblemAsync(new RunResources { Cpus = 17, Pool = "gpu" }, isAsked: true));
        Assert.StartsWith("SWP046 /resources/cpus: A run asks for 5000 cpus", await ProblemAsync(new RunResources { Cpus = 5000 }));
        Assert.Equal("SWP045 /resources/pool: There is no pool 'gpus'; did you mean 'gpu'?", await ProblemAsync(new RunResources { Pool = "gpus" }));
    }

    [Fact]
    public async Task Find_CpusThatWereOnlyCounted_GiveWayToWhoAsksForWorkers() =>
        Assert.NotNull(await PlaceAsync(new RunResources { Cpus = 5000 }, isAsked: true));

    [Fact]
    public async Task Find_NoProgramThatKnowsGpus_SaysSo()
    {
        _options.Gpus = null;
        Assert.Contains("(there is no no-such-smi here)", await ProblemAsync(new RunResources { Gpus = 1 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9", null, "The pool 'default' has GPU '9', which is not there (there is no no-such-smi here).")]
    [InlineData("all", "all", "Two pools have all GPUs, 'a' among them")]
    [InlineData("wrong", null, "Orchestrator:Gpus must be all, none, a list")]
    [InlineData(null, "4y80", "Orchestrator:Pools:a:Gpus must be all, none, a list")]
    public async Task Find_WrongSettings_AreAnErrorThatNamesThem(string? gpus, string? ofA, string expected)
    {
        _options.Gpus = gpus;
        if (ofA is not null)
            _options.Pools["a"] = new PoolOptions { Gpus = ofA };
        var error = await Assert.ThrowsAsync<InvalidPoolException>(() => ProblemAsync(new RunResources { Gpus = 1 }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private async Task<RunAllotment> PlaceAsync(RunResources resources, bool isAsked = false)
    {
        var (place, problem) = await Pools().FindAsync(resources, isAsked);
        Assert.Null(problem);
        return place!;
    }

    private async Task<string> ProblemAsync(RunResources resources, bool isAsked = false)
    {
        var (place, problem) = await Pools().FindAsync(resources, isAsked);
        Assert.Null(place);
        return $"{problem!.Code} {problem.Path}: {problem.Message}";
    }

    private RunPools Pools() => new(Options.Create(_options), new GpuInventory(new NvidiaSmi { Program = "no-such-smi" }, visible: null));
}
