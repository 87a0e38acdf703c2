using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;

namespace Orchestrator.Tests.Torch;

/// <summary>TorchSharp has one default generator a process: these tests are run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "TorchSharp";
}

/// <summary>Runs with TorchSharp.</summary>
internal static class TorchBench
{
    public static SweepBench New(Action<OrchestratorBuilder>? configure = null, string? home = null, TimeProvider? time = null) => new(
        time,
        configure: builder =>
        {
            builder.AddTorch();
            configure?.Invoke(builder);
        },
        home: home);

    /// <summary>A grid of <paramref name="runs"/> seeds of a trainable, minimizing the metric.</summary>
    public static SweepDefinition Seeds(string trainable, int runs, string metric = "trainLoss", params (string Name, ParameterValue Value)[] parameters)
    {
        var definition = new SweepDefinition
        {
            Name = "torch",
            Trainable = trainable,
            Method = "grid",
            Metric = Metric.Minimize(metric),
            Replicates = runs,
        };
        foreach (var (name, value) in parameters)
            definition.Parameters.Add(name, Parameter.Constant(value));
        return definition;
    }

    /// <summary>One run of a body on the run's thread; its <see cref="TorchRun"/> ends with it.</summary>
    public static async Task<RunRecord> OnThreadAsync(this SweepBench bench, Action<TorchRun> body, string home = "")
    {
        var result = await bench.RunAsync(SweepBench.Definition(1), async (run, token) =>
        {
            await using var torch = new TorchRun(run);
            await torch.RunAsync(() => body(torch));
            await TestRuns.Report(run, token);
        }, workers: 1);
        return Assert.Single(await result.AllAsync());
    }

    /// <summary>What the run logged.</summary>
    public static string LogOf(this SweepBench bench, RunRecord run)
    {
        var file = Path.Combine(bench.Home, run.Directory, "run.log");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
