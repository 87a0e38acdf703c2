using Orchestrator.Samples;

return await Processes.RunAsync(args);
