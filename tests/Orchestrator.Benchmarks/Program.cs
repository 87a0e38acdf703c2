using Orchestrator.Benchmarks;

// Without an argument: every scenario, each in a process of its own, so that peak memory is its own.
if (args is [var name, ..])
    await Scenarios.RunAsync(name);
else
    Scenarios.RunAllInProcessesOfTheirOwn();
