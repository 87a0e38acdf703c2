using System.Diagnostics;
using System.Globalization;
using Orchestrator.Execution.Packing;
using Orchestrator.Tests.Execution.Packing;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>
/// Packing by a virtual clock: 10,000 requests, 30 % of them for a quarter of a GPU, 20 % for a half, 30 % for one, 10 % for two, 7 % for
/// four, 3 % for eight, each for a time that is drawn log-uniformly from 1 to 60 minutes; six sweeps (one per kind) share 8 GPUs.
/// </summary>
internal static class PackingScenarios
{
    private const int Requests = 10_000;
    private const int Seeds = 20;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("packing", "10,000 requests from a quarter of a GPU to eight, packed on 8 pretended GPUs", _ => Task.FromResult(Measure())),
    ];

    private static Measurement Measure()
    {
        var runs = Enumerable.Range(0, Seeds).Select(seed => Simulate(seed)).ToList();
        return new Measurement(
            Invariant($"{runs.Max(r => (r.Total / r.WorkBound) - 1):P1} above the work bound"),
            Invariant(
                $"the worst of {Seeds} seeds, the best {runs.Min(r => (r.Total / r.WorkBound) - 1):P1}; the longest wait of one that others went before is {runs.Max(r => r.LongestWait / r.LongestRun):F1} longest runs, the bound {runs[0].WaitBound / runs[0].LongestRun:F0}; {Microseconds() * 1000:F0} ns for a start and an end"));
    }

    private static PackingSimulation Simulate(long seed)
    {
        var simulation = new PackingSimulation(gpus: 8, Requests, sweepsPerKind: 1, seed);
        simulation.Run();
        if (simulation.Done != Requests || simulation.MostUsed > 1 + 1e-9)
            throw new InvalidOperationException($"{simulation.Done} done, {simulation.MostUsed} of a device in use at once");
        return simulation;
    }

    /// <summary>One lane of one-GPU runs on eight GPUs: what the packer itself costs.</summary>
    private static double Microseconds()
    {
        const int Rounds = 5_000_000;
        var pool = new ResourcePool("gpu", new Budget(128, isDeclared: true), new Budget(1L << 40, isDeclared: true));
        pool.Equip(8);
        var lane = new Endless(pool, new ResourceRequest(1, ResourceRequest.WholeDevice, 1, 1L << 30));
        var packer = new Packer();
        packer.Enter(lane);
        for (var i = 0; i < 7; i++)
            packer.Next(out _);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rounds; i++)
        {
            packer.Next(out var placement);
            packer.Free(lane, placement, 1);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Rounds;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Endless(ResourcePool pool, ResourceRequest request) : PackingLane(pool, request)
    {
        public override bool HasWaiting => true;
    }
}
