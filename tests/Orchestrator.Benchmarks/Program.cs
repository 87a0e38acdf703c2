using BenchmarkDotNet.Running;
using Orchestrator.Benchmarks.Micro;
using Orchestrator.Benchmarks.Scenarios;

// Nothing: every scenario, as the table in README. NAME: one scenario. micro [FILTER]: Core's parts under BenchmarkDotNet.
switch (args)
{
    case []:
        ScenarioTable.Print();
        break;
    case ["micro", .. var filter]:
        BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(["--filter", filter is [var one, ..] ? $"*{one}*" : "*"], new MicroConfig());
        break;
    case [var name, ..]:
        await ScenarioTable.RunAsync(name);
        break;
}
