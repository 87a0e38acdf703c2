using BenchmarkDotNet.Running;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator;
using Orchestrator.Benchmarks.Micro;
using Orchestrator.Benchmarks.Scenarios;

if (args is [ProcessScenarios.DoNothing])
    return 0;
return WorkerProcess.RunIfAsked(args, Configure) ? 0 : await MeasureAsync(args);

static void Configure(IServiceCollection services)
{
    ProcessScenarios.Configure(services);
    TorchScenarios.Configure(services);
}

// Nothing: every scenario, as the table in docs/performance.md. NAME: one scenario. micro [FILTER]: the parts of the core under BenchmarkDotNet;
// smoke [FILTER]: the same once, to see that they work. A method of its own: a worker's process must not load BenchmarkDotNet.
static async Task<int> MeasureAsync(string[] args)
{
    switch (args)
    {
        case []:
            ScenarioTable.Print();
            return 0;
        case ["micro" or "smoke", .. var filter]:
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(
                ["--filter", filter is [var one, ..] ? $"*{one}*" : "*"],
                args[0] == "smoke" ? MicroConfig.Smoke : MicroConfig.Short);
            return summaries.Any() && summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? 0 : 1;
        default:
            await ScenarioTable.RunAsync(args[0]);
            return 0;
    }
}
